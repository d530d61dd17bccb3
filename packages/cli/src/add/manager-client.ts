import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { runClient, type ClientRun } from '@headstart/artifacts/clients';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { PackageManager } from '@headstart/core/manifest';

/** Settings of the `npm run` around us that must not steer what is run for a project. */
const NOT_OURS =
  /^npm_config_(workspaces?|include_workspace_root|dry_run|json|global|location|prefix|local_prefix|loglevel)$/i;

/** A package manager for a project's folder. */
export interface ManagerClient {
  readonly manager: PackageManager;
  /** Runs it to its end. @throws HeadstartError `not-supported` where it is not on this machine */
  run(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<ClientRun & { readonly status: number }>;
}

export function managerClient(
  manager: PackageManager,
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): ManagerClient {
  const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !NOT_OURS.test(name)));
  return {
    manager,
    async run(args, more = {}) {
      const options = { cwd, env: { ...clean, ...more } };
      const { status, ...said } = await start(manager, args, options);
      if (status !== undefined) return { status, ...said };
      throw new HeadstartError({
        code: 'not-supported',
        message: `${manager}, by which this project is installed, is not on this machine.`,
        hint: `Install ${manager}, or run the command in its shell.`,
      });
    },
  };
}

async function start(
  manager: PackageManager,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<ClientRun> {
  // The very client that started this process, where it is of the kind: it may not be on the path.
  const script = options.env['npm_execpath'];
  if (script && new RegExp(`^${manager}(-cli)?\\.c?js$`).test(basename(script)) && existsSync(script))
    return runClient(process.execPath, [script, ...args], options);
  if (process.platform !== 'win32') return runClient(manager, args, options);
  // They are batch files there, which only the shell runs.
  const quoted = args.map((arg) => (/^[\w@./=:\\-]+$/.test(arg) ? arg : `"${arg}"`));
  const run = await runClient(`${manager}.cmd`, quoted, { ...options, shell: true });
  return /is not recognized/.test(run.stderr) ? { ...run, status: undefined } : run;
}
