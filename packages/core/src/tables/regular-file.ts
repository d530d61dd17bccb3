import { stat } from 'node:fs/promises';
import { HeadstartError, storageError, tooManyOpen } from '@headstart/artifacts/errors';

/**
 * Makes sure that a path leads to a file, links followed: opening a pipe would wait for ever, and a device has no end.
 * @returns its size in bytes
 * @throws HeadstartError `target-not-found`, `target-unreadable`
 */
export async function regularFile(path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => Promise.reject(openError(path, cause)));
  if (found.isFile()) return found.size;
  const what = found.isDirectory()
    ? 'a folder'
    : found.isFIFO()
      ? 'a pipe'
      : found.isSocket()
        ? 'a socket'
        : 'a device';
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is ${what}, where a file is needed.`,
    hint: found.isDirectory() ? 'Name the file in it.' : 'Write the data into a file, and give that.',
  });
}

/** The error for a file that cannot be opened or read. */
export function openError(path: string, cause: unknown): HeadstartError {
  if (tooManyOpen(cause)) return storageError('read', path, cause);
  const code = (cause as NodeJS.ErrnoException).code;
  const missing = code === 'ENOENT' || code === 'ENOTDIR';
  return new HeadstartError({
    code: missing ? 'target-not-found' : 'target-unreadable',
    message: missing ? `There is no file ${path}.` : `${path} cannot be read (${String(code ?? cause)}).`,
    hint: 'Check the path and that this user may read the file.',
    cause,
  });
}
