import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifacts } from '@headstart/artifacts';
import { npm } from '../workspace/npm.mjs';
import { workspaceRoot } from '../workspace/root.mjs';

/** Where a client installs, and how. */
export interface Wishes {
  /** Address of the registry. */
  readonly registry: string;
  /** The Node that runs the client where it is a program of Node's. */
  readonly node: string;
  /** Whether dependencies may run install scripts. */
  readonly scripts: boolean;
  /** A folder for what the client keeps between projects. */
  readonly cache: string;
}

/** A program that installs packages. */
export interface Client {
  readonly id: string;
  readonly version: string;
  /** What stands in the project before anything is installed: text by file name. */
  files(wishes: Wishes): Record<string, string>;
  environment(wishes: Wishes): Record<string, string>;
  /** The command line that installs packages. */
  add(wishes: Wishes, packages: readonly string[]): string[];
  /** The command line that runs a command of an installed package. */
  exec(wishes: Wishes, command: readonly string[]): string[];
}

/** An installed package's folder and version. */
async function installed(name: string): Promise<{ folder: string; version: string }> {
  const folder = join(workspaceRoot, 'node_modules', name);
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { folder, version };
}

const manifest = JSON.stringify({ name: 'tried', version: '1.0.0', private: true, type: 'module' });

/** The command line of npm as the user has it, on a Node. */
export function npmLine({ node }: Wishes, ...args: readonly string[]): string[] {
  const { file, args: script } = npm();
  return script.length > 0 ? [node, ...script, ...args] : [file, ...args];
}

/** npm as the user has it. */
export function npmClient(): Client {
  return {
    id: 'npm',
    version: '',
    files: () => ({ 'package.json': manifest }),
    environment: ({ registry, scripts }) => ({
      npm_config_registry: registry,
      npm_config_ignore_scripts: String(!scripts),
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    }),
    add: (wishes, packages) => npmLine(wishes, 'install', ...packages),
    exec: (wishes, command) => npmLine(wishes, 'exec', '--no', '--', ...command),
  };
}

export async function pnpmClient(): Promise<Client> {
  const { folder, version } = await installed('pnpm');
  const program = ({ node }: Wishes) => [node, join(folder, 'bin', 'pnpm.cjs')];
  return {
    id: 'pnpm',
    version,
    files: () => ({ 'package.json': manifest }),
    environment: ({ registry, scripts, cache }) => ({
      npm_config_registry: registry,
      npm_config_store_dir: join(cache, 'pnpm-store'),
      npm_config_cache_dir: join(cache, 'pnpm-cache'),
      npm_config_manage_package_manager_versions: 'false',
      ...(scripts ? { npm_config_dangerously_allow_all_builds: 'true' } : { npm_config_ignore_scripts: 'true' }),
    }),
    add: (wishes, packages) => [...program(wishes), 'add', ...packages],
    exec: (wishes, command) => [...program(wishes), 'exec', ...command],
  };
}

/** @param linker `pnp` resolves packages from their archives, by a map in place of node_modules */
export async function yarnClient(linker: 'node-modules' | 'pnp'): Promise<Client> {
  const { folder, version } = await installed('@yarnpkg/cli-dist');
  const program = ({ node }: Wishes) => [node, join(folder, 'bin', 'yarn.js')];
  return {
    id: linker === 'pnp' ? 'yarn PnP' : 'yarn',
    version,
    files: ({ registry, scripts, cache }) => ({
      'package.json': manifest,
      // Marks the project's root; without it, yarn looks for one in the folders above.
      'yarn.lock': '',
      '.yarnrc.yml': [
        `nodeLinker: ${linker}`,
        `npmRegistryServer: ${JSON.stringify(registry)}`,
        'unsafeHttpWhitelist: ["127.0.0.1"]',
        `enableScripts: ${scripts}`,
        `globalFolder: ${JSON.stringify(join(cache, 'yarn'))}`,
        'enableTelemetry: false',
        'enableImmutableInstalls: false',
        // yarn lets a release wait for a day; these are minutes old.
        'npmMinimalAgeGate: 0',
        '',
      ].join('\n'),
    }),
    environment: () => ({}),
    add: (wishes, packages) => [...program(wishes), 'add', ...packages],
    exec: (wishes, command) => [...program(wishes), 'run', ...command],
  };
}

/** The release of bun that is tried; its program comes from the npm registry. */
const BUN = '1.4.5';

/** @throws Error where this machine has no build of it, or the registry does not give it */
export async function bunClient(artifacts: Artifacts): Promise<Client> {
  const { path } = await artifacts.file({ uri: `npm:@oven/bun-${process.platform}-${process.arch}@${BUN}/bin/bun` });
  await chmod(path, 0o755);
  return {
    id: 'bun',
    version: BUN,
    files: ({ registry }) => ({
      'package.json': manifest,
      'bunfig.toml': `[install]\nregistry = ${JSON.stringify(registry)}\n`,
    }),
    environment: ({ cache }) => ({ BUN_INSTALL_CACHE_DIR: join(cache, 'bun'), DO_NOT_TRACK: '1' }),
    add: ({ scripts }, packages) => [path, 'add', ...(scripts ? ['--trust'] : ['--ignore-scripts']), ...packages],
    exec: (_, command) => [path, 'run', ...command],
  };
}
