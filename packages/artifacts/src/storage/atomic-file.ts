import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { storageError } from '../errors/storage-error.ts';
import { syncFile } from './file-handles.ts';

/** A name beside `path` that no other process uses. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
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
    await mkdir(dirname(path), { recursive: true });
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
