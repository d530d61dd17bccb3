import { read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import * as yauzl from 'yauzl';
import { openToRead } from './file-handles.ts';

/**
 * Opens a zip file, to be gone through entry by entry; the caller closes it. Where the file names a place that it does not
 * have, what reads there fails. (yauzl's own reader has Node throw then, in a callback of its own, which ends the process.)
 */
export async function openZip(
  path: string,
  options: Pick<yauzl.Options, 'decodeStrings'> = {},
): Promise<yauzl.ZipFile> {
  const file = await openToRead(path);
  try {
    const { size } = await file.stat();
    const reader = new FileReader(file, size);
    return await yauzl.fromRandomAccessReaderPromise(reader, size, { ...options, lazyEntries: true, autoClose: false });
  } catch (cause) {
    await file.close();
    throw cause;
  }
}

/** Bytes that are read at once. */
const PIECE = 2 ** 16;

class FileReader extends yauzl.RandomAccessReader {
  constructor(
    private readonly file: FileHandle,
    private readonly size: number,
  ) {
    super();
  }

  override _readStreamForRange(start: number, end: number): Readable {
    // Streams of node:fs close the file when they are given up.
    return Readable.from(piecesOf(this.file, start, end), { objectMode: false });
  }

  override read(
    bytes: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, read?: number) => void,
  ): void {
    if (position >= 0 && position + length <= this.size) read(this.file.fd, bytes, offset, length, position, callback);
    else setImmediate(callback, new Error('it names a place that lies outside of the file'));
  }

  override close(callback: (error: Error | null) => void): void {
    this.file.close().then(() => callback(null), callback);
  }
}

async function* piecesOf(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(PIECE, end - at)), 0, undefined, at);
    if (bytesRead === 0) throw new Error('it ends before what it says that it holds');
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}
