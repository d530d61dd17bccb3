import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { HeadstartError } from '@headstart/core';

/** Bytes that this user may still write where a folder lies or will lie; undefined where the system does not report it. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (cause) {
      // The folder may be yet to be made: then its parent's file system counts.
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) return undefined;
    }
  }
}

/**
 * Checks before a long download that there is room for it.
 *
 * @param needed bytes, archives and what is unpacked of them together
 * @throws HeadstartError `storage-full`
 */
export async function requireSpace(folder: string, needed: number, what: string): Promise<void> {
  const free = await freeBytes(folder);
  if (free === undefined || free >= needed) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw new HeadstartError({
    code: 'storage-full',
    message: `${what} takes about ${gigabytes(needed)} in ${folder}, but only ${gigabytes(free)} are free.`,
    hint: 'Free some space, or set HEADSTART_CACHE to a folder on a larger disk; nothing was fetched.',
  });
}
