import { byCodeUnit } from '../domains/by-code-unit.ts';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';

/** A file or a folder, links followed; `path` is the folder's own path and `name`. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly folder: boolean;
}

/** Whether a file or folder is passed over, by its name. */
export type PassOver = (name: string) => boolean;

/**
 * A folder's entries in code-point order, links followed, those that are passed over left out. A link
 * that leads nowhere is listed as a file: reading it gives the error that names it.
 * @throws HeadstartError `target-not-found`, `target-unreadable`
 */
export async function listFolder(path: string, passOver: PassOver): Promise<Entry[]> {
  let names: string[];
  try {
    names = await readdir(path);
  } catch (cause) {
    throw folderError(path, cause);
  }
  const entries = names.filter((name) => !passOver(name)).sort(byCodeUnit);
  return Promise.all(
    entries.map(async (name) => {
      const entry = join(path, name);
      return { name, path: entry, folder: await isFolder(entry) };
    }),
  );
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
  const real = await realpath(path);
  if (within.includes(real)) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${path} is a link to ${real}, a folder that contains it: following it would never end.`,
      hint: 'Remove the link.',
    });
  }
  for (const entry of await listFolder(path, passOver)) {
    if (entry.folder) yield* filesBelow(entry.path, passOver, [...within, real]);
    else yield entry;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ELOOP') {
      throw new HeadstartError({
        code: 'target-unreadable',
        message: `${path} is a link that leads back to itself.`,
        hint: 'Remove the link.',
        cause,
      });
    }
    return false;
  }
}

function folderError(path: string, cause: unknown): HeadstartError {
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
