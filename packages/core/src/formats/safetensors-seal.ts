import { crc32 } from 'node:zlib';
import { storageError } from '@headstart/artifacts/errors';
import { checksum, chunksOf } from '@headstart/artifacts/storage';
import { inPieces } from '../scheduling/turns.ts';

/** The entry of a file's metadata that is the CRC-32 of its bytes, itself read as zeros. */
export const SEAL = 'crc32';
export const UNSEALED = '00000000';

const ENTRY = Buffer.from(`"${SEAL}":"`);

/** Puts the checksum of header and data into the header, which has `UNSEALED` in its place. */
export async function seal(header: Buffer, data: Iterable<Uint8Array>): Promise<void> {
  let sum = crc32(header);
  for (const bytes of data) for await (const { piece } of inPieces(bytes)) sum = crc32(piece, sum);
  header.write(checksum('', sum), header.indexOf(ENTRY) + ENTRY.length, 'latin1');
}

/** Whether a file's bytes are those that the checksum in its metadata is of. @throws HeadstartError `storage-*` */
export async function isIntact(path: string, stated: string): Promise<boolean> {
  let sum: number | undefined;
  try {
    for await (const bytes of chunksOf(path, { highWaterMark: 2 ** 20 }))
      sum = crc32(sum === undefined ? unsealed(bytes, stated) : bytes, sum);
  } catch (cause) {
    throw storageError('read', path, cause);
  }
  return sum !== undefined && checksum('', sum) === stated;
}

/** The beginning of a file with its checksum as zeros again: metadata stand first in the header. */
function unsealed(bytes: Buffer, stated: string): Buffer {
  const at = bytes.indexOf(Buffer.from(`"${SEAL}":"${stated}"`));
  if (at >= 0) bytes.write(UNSEALED, at + ENTRY.length, 'latin1');
  return bytes;
}
