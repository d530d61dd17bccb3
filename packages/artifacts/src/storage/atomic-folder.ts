import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageError } from '../errors/storage-error.ts';
import { syncFolder } from './atomic-file.ts';
import { syncFile } from './file-handles.ts';
import { ensureFolder } from './ensure-folder.ts';

/**
 * Publishes a folder of files so that `path` is either not there or holds all of them, also after a crash: they are
 * written to `aside`, a new folder on the same file system, synced, and renamed into place.
 * @returns false where `path` was there: it stays as it is
 * @throws HeadstartError `storage-*`; nothing is left of `aside`
 */
export async function publishFolder(
  path: string,
  aside: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<boolean> {
  try {
    await ensureFolder(dirname(path));
    await ensureFolder(aside);
    for (const [name, content] of Object.entries(files)) await writeSynced(join(aside, name), content);
    await syncFolder(aside);
    const published = await renamed(aside, path);
    if (published) await syncFolder(dirname(path));
    return published;
  } catch (cause) {
    throw storageError('write', path, cause);
  } finally {
    await rm(aside, { recursive: true, force: true }).catch(() => {});
  }
}

async function writeSynced(path: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(content);
    await syncFile(handle);
  } finally {
    await handle.close();
  }
}

async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A folder that is not empty is not replaced; Windows says so in its own way.
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || (code === 'EPERM' && process.platform === 'win32')) return false;
    throw error;
  }
}
