import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A program that installs packages. */
export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

/** What each leaves beside the package.json of a project that it installs. */
const LOCK_FILES: readonly (readonly [file: string, manager: PackageManager])[] = [
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
];

const isManager = (name: string | undefined): name is PackageManager =>
  name !== undefined && LOCK_FILES.some(([, manager]) => manager === name);

/**
 * The package manager of a folder: what its `packageManager` field names or whose lock file is there, from the folder
 * upwards; else the one that started this process; else npm.
 */
export function packageManager(folder: string = process.cwd(), env: NodeJS.ProcessEnv = process.env): PackageManager {
  for (let at = folder; ; at = dirname(at)) {
    const found = declared(at) ?? LOCK_FILES.find(([file]) => existsSync(join(at, file)))?.[1];
    if (found) return found;
    if (dirname(at) === at) break;
  }
  const started = env['npm_config_user_agent']?.split('/', 1)[0];
  return isManager(started) ? started : 'npm';
}

function declared(folder: string): PackageManager | undefined {
  try {
    const { packageManager: field } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      packageManager?: unknown;
    };
    const name = typeof field === 'string' ? field.split('@', 1)[0] : undefined;
    return isManager(name) ? name : undefined;
  } catch {
    return undefined; // no package.json, or none that says it
  }
}

/** The command line that installs packages, such as `pnpm add @headstart/nlp`. */
export function installLine(packages: readonly string[], manager: PackageManager = packageManager()): string {
  return `${manager} ${manager === 'npm' ? 'install' : 'add'} ${packages.join(' ')}`;
}
