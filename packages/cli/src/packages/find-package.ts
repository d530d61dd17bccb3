import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, sep } from 'node:path';
import { readPackage, type InstalledPackage } from './package-json.ts';
import { findProject } from './project.ts';

/**
 * A package as Node resolves it for modules in a folder, whichever way it was installed (hoisted, linked, Plug'n'Play).
 * @returns undefined where it is not there
 */
export function findPackage(name: string, from: string): InstalledPackage | undefined {
  const file = packageJsonOf(name, from);
  return file === undefined ? undefined : readPackage(file);
}

function packageJsonOf(name: string, from: string): string | undefined {
  const own = findProject(from);
  if (own?.json.name === name) return join(own.folder, 'package.json');
  const require = createRequire(join(from, 'headstart.js'));
  try {
    return require.resolve(`${name}/package.json`);
  } catch (error) {
    // It is there, and its exports map keeps its package.json to itself.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
  }
  if (process.versions['pnp'] !== undefined) {
    const pnp = require('pnpapi') as { resolveToUnqualified(name: string, from: string): string | null };
    const folder = pnp.resolveToUnqualified(name, from + sep);
    return folder === null ? undefined : join(folder, 'package.json');
  }
  const found = (require.resolve.paths(name) ?? [])
    .map((folder) => join(folder, name, 'package.json'))
    .find((file) => existsSync(file));
  return found && realpathSync(found);
}
