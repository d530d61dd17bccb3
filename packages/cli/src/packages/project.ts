import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readPackage, type InstalledPackage } from './package-json.ts';

/** The package that a folder is in: the nearest package.json from there upwards. */
export function findProject(folder: string): InstalledPackage | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, 'package.json');
    if (existsSync(file)) return readPackage(file);
    if (dirname(at) === at) return undefined;
  }
}
