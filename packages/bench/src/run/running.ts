import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder, isAlive, machineDigest } from '@headstart/artifacts/storage';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import { sha256 } from '../records/record-digest.ts';
import { WORK_FOLDER } from '../records/work-folder.ts';

const MARK = /^running-([0-9a-f]{12})-(\d+)-([0-9a-f]{12})$/;

/**
 * Runs work as one of the processes that run a benchmark in a folder. Several of the same benchmark share its cells.
 * @param text of its `bench.json`
 * @throws HeadstartError `run-in-use` where a process on this machine runs another one there
 */
export async function running<T>(dir: string, text: string, work: () => Promise<T>): Promise<T> {
  const folder = join(dir, WORK_FOLDER);
  const digest = sha256(text).slice(0, 12);
  const own = join(folder, `running-${machineDigest()}-${process.pid}-${digest}`);
  try {
    await ensureFolder(folder);
    await writeFile(own, '');
  } catch (error) {
    throw storageError('write', own, error);
  }
  try {
    await refuseOther(dir, digest);
    return await work();
  } finally {
    await rm(own, { force: true }).catch(() => {});
  }
}

async function refuseOther(dir: string, digest: string): Promise<void> {
  const folder = join(dir, WORK_FOLDER);
  for (const name of await readdir(folder)) {
    const [, where, pid, what] = MARK.exec(name) ?? [];
    if (where !== machineDigest()) continue;
    if (!isAlive(Number(pid))) await rm(join(folder, name), { force: true });
    else if (what !== digest)
      throw new HeadstartError({
        code: 'run-in-use',
        message: `Process ${pid} is running another benchmark in ${dir}.`,
        hint: 'Wait for it or end it, or give this one another folder with --out.',
      });
  }
}
