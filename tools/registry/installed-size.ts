import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What an installation left on the disk. */
export interface InstalledSize {
  /** Packages, each version and copy counted. */
  readonly packages: number;
  readonly bytes: number;
}

/** Sums a folder's files; a file that several names share counts once. */
function bytesOf(folder: string, seen = new Set<number>()): number {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) sum += bytesOf(path, seen);
    else if (entry.isFile()) {
      const { ino, size } = lstatSync(path);
      if (!seen.has(ino)) sum += size;
      seen.add(ino);
    }
  }
  return sum;
}

/** Counts the packages below a folder: each folder of a `node_modules` that is no link and has a package.json. */
function packagesBelow(folder: string, inModules = false): number {
  let count = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(folder, entry.name);
    const scope = inModules && entry.name.startsWith('@');
    if (inModules && !scope && existsSync(join(path, 'package.json'))) count += 1;
    count += packagesBelow(path, scope || entry.name === 'node_modules');
  }
  return count;
}

/**
 * What lies in a project's node_modules.
 * @param archives a folder of packages that stay packed, where the client unpacks none
 */
export function installedSize(project: string, archives: string): InstalledSize {
  const modules = join(project, 'node_modules');
  if (existsSync(modules)) return { packages: packagesBelow(project), bytes: bytesOf(modules) };
  const packed = readdirSync(archives, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.zip'));
  return { packages: packed.length, bytes: bytesOf(archives) };
}
