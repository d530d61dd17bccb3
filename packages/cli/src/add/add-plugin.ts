import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { extname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HeadstartError } from '@headstart/artifacts/errors';
import { writeAtomic } from '@headstart/artifacts/storage';
import { KNOWN_PACKAGES, packageManager } from '@headstart/core/manifest';
import { findConfig } from '../config/find-config.ts';
import { findProject } from '../packages/project.ts';
import { packageFor } from '../plugins/setting.ts';
import { diffLines, editConfig, newConfig, type ConfigEdit } from './config-edit.ts';
import { managerClient, type ManagerClient } from './manager-client.ts';
import { parsePackageSpec } from './package-spec.ts';
import { publishedPlugin, type PublishedPlugin } from './published-package.ts';

/** What adding a plugin would do, before anything is done. */
export interface Addition {
  readonly plugin: PublishedPlugin;
  readonly client: ManagerClient;
  /** The arguments of the package manager. */
  readonly install: readonly string[];
  /** Absent where the configuration stays as it is. */
  readonly edit?: ConfigEdit;
}

/**
 * Asks the registry for a plugin and says what adding it to the project around a folder would do. Changes nothing.
 * @throws HeadstartError `usage`, `artifact-*`, `plugin-invalid`, `plugin-incompatible`, `config-invalid`
 */
export async function planAddition(cwd: string, text: string): Promise<Addition> {
  const spec = parsePackageSpec(text);
  const folder = findProject(cwd)?.folder ?? cwd;
  const client = managerClient(packageManager(folder), folder);
  const plugin = await publishedPlugin(client, spec);
  const domains = KNOWN_PACKAGES.map(({ name }) => name).filter((name) => packageFor(name, cwd) !== undefined);
  const configFile = findConfig(cwd);
  const isDomain = KNOWN_PACKAGES.some(({ name }) => name === spec.name);
  const edit =
    configFile !== undefined
      ? await editConfig(configFile, spec.name, domains)
      : // Without a configuration the domains that are installed are used.
        isDomain
        ? undefined
        : newConfig(folder, spec.name, domains);
  return { plugin, client, install: installArguments(client, `${plugin.name}@${plugin.version}`), edit };
}

/** Scripts of packages are not run: no plugin needs any. */
function installArguments({ manager }: ManagerClient, spec: string): string[] {
  switch (manager) {
    case 'npm':
      return ['install', '--ignore-scripts', spec];
    case 'yarn':
      return ['add', spec];
    default:
      return ['add', '--ignore-scripts', spec];
  }
}

/** What is to be done, as lines for people. */
export function additionLines(cwd: string, { plugin, client, install, edit }: Addition): string[] {
  const { name, version, contributes } = plugin;
  const brings = Object.entries(contributes ?? {}).map(([kind, items]) =>
    Array.isArray(items) ? `${items.length} ${kind}` : kind,
  );
  return [
    `${name} ${version} ${contributes ? `brings ${brings.join(', ') || 'nothing that has a name'}` : 'does not say what it brings'}`,
    'A plugin runs with all rights of the process: add what you trust.',
    `install        ${client.manager} ${install.join(' ')}`,
    ...(edit
      ? [
          `configuration  ${relative(cwd, edit.file) || edit.file}${edit.before === undefined ? ' (new)' : ''}`,
          ...diffLines(edit).map((line) => `  ${line}`),
        ]
      : ['configuration  stays as it is']),
  ];
}

/** What loading the project's plugins once said. */
interface Loaded {
  readonly name: string;
  readonly registers: Readonly<Record<string, readonly string[]>>;
  readonly problem?: { readonly message: string; readonly hint: string };
}

/**
 * Installs the plugin, writes the configuration, and loads all plugins once in a process of its own. Where the new one cannot
 * be used, the configuration is put back as it was.
 * @returns what it brings, names by kind
 * @throws HeadstartError `artifact-unreachable`, `plugin-failed`
 */
export async function carryOut(cwd: string, { plugin, client, install, edit }: Addition): Promise<Loaded['registers']> {
  const { name } = plugin;
  const { status, stdout, stderr } = await client.run(install, {
    YARN_ENABLE_SCRIPTS: 'false',
    npm_config_ignore_scripts: 'true',
  });
  if (status !== 0) {
    throw new HeadstartError({
      code: 'artifact-unreachable',
      message: `${client.manager} could not install ${name}: ${`${stderr}\n${stdout}`.trim().slice(-500)}`,
      hint: `Run it yourself to see: ${client.manager} ${install.join(' ')}. The configuration was not changed.`,
    });
  }
  if (edit) await writeAtomic(edit.file, edit.after);
  const { listed, failure } = await loadOnce(cwd);
  const found = listed?.find((each) => each.name === name);
  if (found && !found.problem) return found.registers;
  if (edit?.before !== undefined) await writeAtomic(edit.file, edit.before);
  else if (edit) await rm(edit.file, { force: true });
  const { message, hint } = found?.problem ?? failure ?? { message: 'it is not among the plugins here.', hint: '' };
  throw new HeadstartError({
    code: 'plugin-failed',
    message: `${name} was installed and cannot be used: ${message}`,
    hint: `${hint} The configuration is as it was; the package is still installed.`.trim(),
  });
}

/** What `headstart plugins` says in a process of its own: modules are loaded once in a process. */
async function loadOnce(
  cwd: string,
): Promise<{ listed?: readonly Loaded[]; failure?: { message: string; hint: string } }> {
  const main = fileURLToPath(new URL(`../main${extname(import.meta.url)}`, import.meta.url));
  const child = spawn(process.execPath, [...process.execArgv, main, 'plugins', '--load', '--json'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await new Promise((done, failed) => child.on('close', done).on('error', failed));
  try {
    const said = JSON.parse(stdout) as readonly Loaded[] | { error: { message: string; hint: string } };
    return 'error' in said ? { failure: said.error } : { listed: said };
  } catch {
    return { failure: { message: stderr.trim().slice(-500) || 'loading it said nothing.', hint: '' } };
  }
}
