import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HeadstartError } from '../errors/headstart-error.ts';
import { storageError } from '../errors/storage-error.ts';
import { notFound, unreachable } from '../artifact-errors.ts';
import type { NpmUri } from '../artifact-uri.ts';
import type { FetchedArchive, FetchRequest } from '../archives/fetched-archive.ts';
import { runClient, type ClientRun } from './run-client.ts';

/** Settings of the `npm run` around us that must not steer this download. */
const NOT_OURS =
  /^npm_config_(workspaces?|include_workspace_root|dry_run|json|pack_destination|ignore_scripts|global|location|prefix|local_prefix|loglevel)$/i;

/**
 * Fetches a package's tarball with npm's own client, which knows the user's registry, credentials,
 * proxy and certificates, and checks the registry's integrity value. No script of the package runs.
 *
 * @returns undefined where npm is not on this machine
 * @throws HeadstartError `artifact-not-found`, `artifact-unreachable`, `artifact-digest`, `storage-*`
 */
export async function fetchWithNpm(uri: NpmUri, request: FetchRequest): Promise<FetchedArchive | undefined> {
  const project = projectFolder(process.cwd());
  const run = await runNpm(
    [
      'pack',
      `${uri.name}@${uri.version}`,
      '--ignore-scripts',
      '--json',
      '--prefer-offline',
      '--loglevel=error',
      '--pack-destination',
      request.staging,
      // The folder whose .npmrc applies; npm runs elsewhere so that no workspace setting does.
      ...(project ? ['--prefix', project] : []),
    ],
    request,
  );
  if (run.status === undefined) return undefined;
  if (run.status !== 0) throw failure(request, run, lastJson(run.stdout));
  // What npm says of a package is as long as the list of its files: the file itself tells its name.
  const filename = (await readdir(request.staging)).find((name) => name.endsWith('.tgz'));
  if (filename === undefined) {
    throw unreachable(
      request.label,
      'npm said that it had packed the package but left no file.',
      'Run the command yourself to see: npm pack.',
    );
  }
  return { path: join(request.staging, filename), strip: 1, via: 'npm' };
}

async function runNpm(args: string[], { staging, env: given }: FetchRequest): Promise<ClientRun> {
  const env = Object.fromEntries(Object.entries(given).filter(([name]) => !NOT_OURS.test(name)));
  const script = given.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script) && existsSync(script))
    return runClient(process.execPath, [script, ...args], { cwd: staging, env });
  if (process.platform !== 'win32') return runClient('npm', args, { cwd: staging, env });
  // npm is a batch file there, which only the shell runs.
  const quoted = args.map((arg) => (/^[\w@./=:\\-]+$/.test(arg) ? arg : `"${arg}"`));
  const run = await runClient('npm.cmd', quoted, { cwd: staging, env, shell: true });
  return /is not recognized/.test(run.stderr) ? { ...run, status: undefined } : run;
}

/** The nearest folder, from `folder` upwards, that npm would take a project's settings from. */
export function projectFolder(folder: string): string | undefined {
  if (
    existsSync(join(folder, '.npmrc')) &&
    (existsSync(join(folder, 'package.json')) || existsSync(join(folder, 'node_modules')))
  )
    return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : projectFolder(parent);
}

function lastJson(text: string): unknown {
  const start = text.search(/^[[{]/m);
  if (start < 0) return undefined;
  try {
    return JSON.parse(text.slice(start)) as unknown;
  } catch {
    return undefined;
  }
}

function failure(request: FetchRequest, run: ClientRun, said: unknown): HeadstartError {
  const { code = '', summary = '' } = ((said as { error?: { code?: string; summary?: string } } | undefined)?.error ??
    {}) as Record<string, string>;
  const why = `npm said: ${[code, summary].filter(Boolean).join(' ') || run.stderr.trim().slice(-500) || `exit status ${run.status}`}`;
  switch (code) {
    case 'E404':
    case 'ETARGET':
    case 'ENOVERSIONS':
      return notFound(
        request.label,
        why,
        'Check the package name and the version, and which registry npm uses (npm config get registry).',
      );
    case 'EINTEGRITY':
      return new HeadstartError({
        code: 'artifact-digest',
        message: `${request.label} does not have the digest that its registry states. ${why}`,
        hint: 'Run "npm cache verify" and try again; if it stays wrong, do not use the package.',
      });
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EACCES':
    case 'EROFS':
      return storageError('write', request.staging, Object.assign(new Error(why), { code }));
    default:
      return unreachable(
        request.label,
        why,
        'Check the network and npm\'s settings ("npm ping", "npm config get registry", proxy), or copy the cache folder from a machine that has it.',
      );
  }
}
