import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder, cacheRoot } from '@headstart/artifacts/storage';
import { storageError } from '@headstart/artifacts/errors';
import type { Check } from './check.ts';

const GIGABYTE = 1e9;
/** libtensorflow and a few models with their data. */
const COMFORTABLE = 2 * GIGABYTE;
const LEAST = 0.2 * GIGABYTE;

/** @param wanted the lowest version, such as `20.19.0` */
export function nodeCheck(wanted: string, version: string = process.versions.node): Check {
  const numbers = (text: string) => text.split('.').map(Number);
  const [have, need] = [numbers(version), numbers(wanted)];
  const first = need.findIndex((number, i) => have[i] !== number);
  const ok = first < 0 || have[first]! > need[first]!;
  if (ok) return { name: 'node', state: 'ok', found: version };
  return { name: 'node', state: 'fail', found: `${version}, and ${wanted} is needed`, todo: 'Install a current Node.' };
}

/** Whether weights and features can be kept, and whether there is room for them. */
export async function cacheCheck(root: string = cacheRoot()): Promise<Check> {
  const name = 'cache';
  const probe = join(root, `.doctor-${process.pid}`);
  try {
    await ensureFolder(root);
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    const { message, hint } = storageError('write in', root, cause);
    return { name, state: 'fail', found: message, todo: `${hint} HEADSTART_CACHE names another folder.` };
  }
  const { bavail, bsize } = await statfs(root);
  const free = bavail * bsize;
  const found = `${root}, ${(free / GIGABYTE).toFixed(1)} GB free`;
  if (free >= COMFORTABLE) return { name, state: 'ok', found };
  return {
    name,
    state: free < LEAST ? 'fail' : 'warn',
    found,
    todo: 'Free some space, or name a folder with more by HEADSTART_CACHE.',
  };
}
