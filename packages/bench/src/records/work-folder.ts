import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isAlive } from '@headstart/artifacts/storage';

/** What benchmarks that are running keep in their folder: nothing of it is part of a result. */
export const WORK_FOLDER = '.work';

const ASIDE = /^aside-([0-9a-f]{12})-(\d+)-[0-9a-f]{12}$/;
const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** This boot of this machine, as a short name: a process id means a process only there. */
export const machine = digest(`${hostname()} ${bootId()}`);

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

/** A new folder to write into before what is written is renamed into place; it says whose it is. */
export function newAside(dir: string): string {
  return join(dir, WORK_FOLDER, `aside-${machine}-${process.pid}-${randomBytes(6).toString('hex')}`);
}

/** Removes what processes that were killed had begun to write; what may be in work still stays. */
export async function removeLeftovers(dir: string): Promise<void> {
  const folder = join(dir, WORK_FOLDER);
  for (const name of await readdir(folder).catch(() => [])) {
    const [, where, pid] = ASIDE.exec(name) ?? [];
    if (where === machine && !isAlive(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}
