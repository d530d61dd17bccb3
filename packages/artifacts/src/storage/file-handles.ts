import { fsync } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';

/**
 * Opens a file for reading; `await using` closes it. Handles of Node do that by themselves, those of yarn's Plug'n'Play,
 * which stand in for Node's, do not yet. What would block or never end (a pipe, a device) is not opened.
 * @throws what `open` of node:fs/promises throws
 */
export async function openToRead(path: string): Promise<FileHandle> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw new Error('it is a pipe, a socket or a device, not a file');
  return disposable(await open(path, 'r'));
}

/** Lets a handle be disposed of where it cannot be. */
export function disposable(file: FileHandle): FileHandle {
  if (!(Symbol.asyncDispose in file))
    Object.assign(file, { [Symbol.asyncDispose]: () => (file as FileHandle).close() });
  return file;
}

/** Has the disk hold what was written to a file, as `file.sync()` does; handles of yarn's Plug'n'Play lack that as well. */
export function syncFile(file: FileHandle): Promise<void> {
  return promisify(fsync)(file.fd);
}

/** Bytes of a record, a list or a configuration at most: what is read whole before it is looked at. */
const LARGEST_WHOLE = 2 ** 30;

/**
 * All of a file. What would block or never end is not opened, and what is larger than is asked for is not read.
 * @throws what `open` of node:fs/promises throws, and Error with what is wrong
 */
export async function readRegular(path: string, most = LARGEST_WHOLE): Promise<Buffer> {
  await using file = await openToRead(path);
  const { size } = await file.stat();
  if (size > most) throw new Error(`it has ${size} bytes, where at most ${most} are read`);
  return file.readFile();
}

/** The file in chunks, as `createReadStream` gives it; what would block or never end is not opened. @throws as `openToRead` */
export async function* chunksOf(path: string, { highWaterMark }: { highWaterMark: number }): AsyncGenerator<Buffer> {
  await using file = await openToRead(path);
  yield* file.createReadStream({ highWaterMark, autoClose: false }) as AsyncIterable<Buffer>;
}
