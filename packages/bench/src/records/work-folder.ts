import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive, machineDigest } from '@headstart/artifacts/storage';

/** What benchmarks that are running keep in their folder: nothing of it is part of a result. */
export const WORK_FOLDER = '.work';

/** Whose a folder is: machine and process. */
const ASIDE = /^aside-([0-9a-f]{12})-(\d+)-[0-9a-f]{12}$/;

/** A new folder to write into before what is written is renamed into place; it says whose it is. */
export function newAside(dir: string): string {
  return join(dir, WORK_FOLDER, `aside-${machineDigest()}-${process.pid}-${randomBytes(6).toString('hex')}`);
}

/** Removes what processes that were killed had begun to write; what may be in work still stays. */
export async function removeLeftovers(dir: string): Promise<void> {
  const folder = join(dir, WORK_FOLDER);
  for (const name of await readdir(folder).catch(() => [])) {
    const [, where, pid] = ASIDE.exec(name) ?? [];
    if (where === machineDigest() && !isAlive(Number(pid)))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}
