import { HeadstartError } from '@headstart/core';
import { readFile } from 'node:fs/promises';

/** An IDX file of unsigned bytes in memory (LeCun's format: 0 0 8 rank, big-endian sizes, values). */
export interface IdxFile {
  readonly shape: readonly number[];
  /** Where the values start in the file, in bytes. */
  readonly offset: number;
  readonly values: Uint8Array;
}

/** @throws HeadstartError `target-unreadable` */
export async function readIdxFile(path: string, rank: number): Promise<IdxFile> {
  const bytes = await readFile(path);
  const offset = 4 + 4 * rank;
  if (bytes.length < offset || bytes.readUInt32BE(0) !== 0x0800 + rank)
    throw idxError(path, `it does not start as an IDX file of ${rank} axes`);
  const shape = Array.from({ length: rank }, (_, axis) => bytes.readUInt32BE(4 + 4 * axis));
  const size = shape.reduce((product, n) => product * n, 1);
  if (bytes.length !== offset + size)
    throw idxError(path, `${shape.join(' x ')} values are announced but ${bytes.length - offset} are there`);
  return { shape, offset, values: bytes.subarray(offset) };
}

function idxError(path: string, what: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} cannot be read: ${what}.`,
    hint: 'Remove the file from the cache and run again.',
  });
}
