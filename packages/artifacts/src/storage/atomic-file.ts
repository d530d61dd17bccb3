import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { storageError } from '../errors/storage-error.ts';
import { syncFile } from './file-handles.ts';
import { isAlive } from './lock-holder.ts';
import { machineDigest } from './machine.ts';
import { ensureFolder } from './ensure-folder.ts';

const UNFINISHED = /^([0-9a-f]{12})-(\d+)-[0-9a-f]{12}\.tmp$/;

/** A name beside `path` that no other process uses, and that says which one does. */
export function temporaryBeside(path: string): string {
  return join(
    dirname(path),
    `.${basename(path)}.${machineDigest()}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`,
  );
}

/**
 * Removes what processes of this machine that have ended left beside `path` under names of `temporaryBeside`. What is of
 * another machine, or of another container, stays: whether its process has ended cannot be known here.
 */
export async function removeAbandoned(path: string): Promise<void> {
  const name = basename(path);
  for (const entry of await readdir(dirname(path))) {
    const [, where, pid] = (entry.startsWith(`.${name}.`) && UNFINISHED.exec(entry.slice(name.length + 2))) || [];
    if (where !== machineDigest() || isAlive(Number(pid))) continue;
    await rm(join(dirname(path), entry), { recursive: true, force: true });
  }
}

/** Makes a rename in `folder` outlast a power failure, where the platform can. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await syncFile(handle);
  } catch (error) {
    // Some network file systems cannot sync a folder; the rename itself has succeeded.
    if (!['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file so that `path` holds either what it held before or all of the new content, also
 * after a crash: temporary file in the same folder, fsync, rename, fsync of the folder.
 * @throws HeadstartError `storage-*`; the temporary file is removed
 */
export async function writeAtomic(
  path: string,
  write: Uint8Array | string | ((handle: FileHandle) => Promise<void>),
): Promise<void> {
  const temporary = temporaryBeside(path);
  try {
    await ensureFolder(dirname(path));
    const handle = await open(temporary, 'wx');
    try {
      if (typeof write === 'function') await write(handle);
      else await handle.writeFile(write);
      await syncFile(handle);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => {});
    throw storageError('write', path, cause);
  }
}
