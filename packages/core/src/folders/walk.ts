import { byCodeUnit } from '../domains/by-code-unit.ts';
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadstartError, storageError, tooManyOpen } from '@headstart/artifacts/errors';

/** A file or a folder, links followed; `path` is the folder's own path and `name`. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly folder: boolean;
}

/** Whether a file or folder is passed over, by its name. */
export type PassOver = (name: string) => boolean;

/** What a name in a folder stands for, links followed; `special` is a pipe, a socket or a device: never to be opened. */
export type EntryKind = 'file' | 'folder' | 'special';

/**
 * A folder's entries in code-point order, links followed, those that are passed over left out, and pipes, sockets and
 * devices with them. A link that leads nowhere is listed as a file: reading it gives the error that names it.
 * @throws HeadstartError `target-not-found`, `target-unreadable`
 */
export async function listFolder(path: string, passOver: PassOver): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const entry of await folderEntries(path)) {
    if (passOver(entry.name)) continue;
    const kind = await kindOf(path, entry);
    if (kind !== 'special') entries.push({ name: entry.name, path: join(path, entry.name), folder: kind === 'folder' });
  }
  return entries;
}

/**
 * Every file below a folder, depth first in code-point order. `within` are the real paths of the
 * folders that lead here.
 * @throws HeadstartError `target-unreadable`, also for a link to a folder that contains it
 */
export async function* filesBelow(
  path: string,
  passOver: PassOver,
  within: readonly string[] = [],
): AsyncGenerator<Entry> {
  const inside = await entering(path, within);
  for (const entry of await listFolder(path, passOver)) {
    if (entry.folder) yield* filesBelow(entry.path, passOver, inside);
    else yield entry;
  }
}

/** The real paths of the folders that lead here, and of this one. @throws HeadstartError `target-unreadable` for a circle */
export async function entering(path: string, within: readonly string[]): Promise<readonly string[]> {
  const real = await realpath(path);
  if (!within.includes(real)) return [...within, real];
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is a link to ${real}, a folder that contains it: following it would never end.`,
    hint: 'Remove the link.',
  });
}

/** What a folder holds, in code-point order. @throws HeadstartError `target-not-found`, `target-unreadable` */
export async function folderEntries(path: string): Promise<Dirent[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).sort((a, b) => byCodeUnit(a.name, b.name));
  } catch (cause) {
    throw folderError(path, cause);
  }
}

/** @throws HeadstartError `target-unreadable` for a link that leads back to itself */
export async function kindOf(folder: string, entry: Dirent): Promise<EntryKind> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  const path = join(folder, entry.name);
  try {
    const found = await stat(path);
    return found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'special';
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ELOOP') {
      throw new HeadstartError({
        code: 'target-unreadable',
        message: `${path} is a link that leads back to itself.`,
        hint: 'Remove the link.',
        cause,
      });
    }
    return 'file';
  }
}

function folderError(path: string, cause: unknown): HeadstartError {
  if (tooManyOpen(cause)) return storageError('list', path, cause);
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') {
    return new HeadstartError({
      code: 'target-not-found',
      message: `There is no folder ${path}.`,
      hint: 'Check the path.',
      cause,
    });
  }
  const why =
    code === 'EACCES' || code === 'EPERM'
      ? 'permission to list it is denied'
      : code === 'ENOTDIR'
        ? 'it is not a folder'
        : String(code ?? cause);
  return new HeadstartError({
    code: 'target-unreadable',
    message: `The folder ${path} cannot be read: ${why}.`,
    hint: 'Give this user permission to list the folder and read its files.',
    cause,
  });
}
