import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';
import type { Files } from './plugin-files.ts';

/**
 * Makes a folder with these files, all of them or none: they are written under another name on the same disk and moved.
 * @throws HeadstartError `storage-failed` where something is there already that is no empty folder; `storage-*`
 */
export async function writeFolder(folder: string, files: Files): Promise<void> {
  const exists = await isEmptyFolder(folder);
  const place = exists ? folder : dirname(folder);
  const temporary = join(place, `.${randomUUID()}`);
  const made: string[] = [temporary];
  try {
    const parent = await mkdir(place, { recursive: true });
    if (parent !== undefined) made.push(parent);
    await mkdir(temporary);
    for (const [path, content] of files) {
      const file = join(temporary, ...path.split('/'));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    if (exists) await moveEntries(temporary, folder, made);
    else await rename(temporary, folder);
  } catch (cause) {
    for (const path of made) await rm(path, { recursive: true, force: true });
    throw storageError('write', folder, cause);
  }
}

/** Fills a folder that somebody may be working in, and that has to stay the one that it is. */
async function moveEntries(from: string, to: string, moved: string[]): Promise<void> {
  for (const entry of await readdir(from)) {
    await rename(join(from, entry), join(to, entry));
    moved.push(join(to, entry));
  }
  await rmdir(from);
}

/** False where nothing is there yet. @throws HeadstartError `storage-*` */
async function isEmptyFolder(folder: string): Promise<boolean> {
  let entries: string[];
  try {
    entries = await readdir(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ENOTDIR') throw occupied(folder, 'is not a folder, or lies in what is none');
    throw storageError('read', folder, cause);
  }
  if (entries.length > 0) throw occupied(folder, `is not empty: it has ${entries.sort()[0]}`);
  return true;
}

/** The error for a folder that cannot become a plugin's. */
export function occupied(folder: string, why: string): HeadstartError {
  return new HeadstartError({
    code: 'storage-failed',
    message: `${folder} ${why}; nothing was written.`,
    hint: 'Choose another name, or another folder with --directory.',
  });
}
