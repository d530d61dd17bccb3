import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { openToRead } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/artifacts/errors';
import { openError, regularFile } from './regular-file.ts';

const CHUNK = 256 * 1024;
/** What is unpacked into memory of formats that are not read from the beginning to the end. */
const LARGEST_UNPACKED = 512 * 2 ** 20;

/** The bytes of a table's file, unpacked where they are gzipped, whatever its name. */
export interface TableFile {
  readonly path: string;
  readonly gzipped: boolean;
  /** The first bytes, up to 256 KiB. */
  readonly head: Buffer;
  /** Whether `head` is all there is. */
  readonly whole: boolean;
  /** All bytes in pieces, as often as needed. @throws HeadstartError `target-unreadable` */
  chunks(): AsyncGenerator<Buffer>;
}

/** Whether a file is Parquet, by its first bytes or its name. */
export function isParquet({ head, path }: TableFile): boolean {
  return ['PAR1', 'PARE'].includes(head.toString('latin1', 0, 4)) || /\.parquet(?:\.gz)?$/i.test(path);
}

/** Whether a file is a zip, whatever its name. */
export function isZip({ head }: TableFile): boolean {
  return head.toString('latin1', 0, 4) === 'PK\x03\x04' || head.toString('latin1', 0, 4) === 'PK\x05\x06';
}

/**
 * Opens a file that may hold a table.
 * @throws HeadstartError `target-not-found`; `target-unreadable`, also for pipes, devices and folders
 */
export async function openTableFile(path: string): Promise<TableFile> {
  await regularFile(path);
  const plain = () => fileChunks(path);
  const gzipped = isGzip((await beginning(plain())).head);
  const chunks = gzipped ? () => unpacked(path, plain()) : plain;
  return { path, gzipped, chunks, ...(await beginning(chunks())) };
}

/**
 * The whole of a gzipped table.
 * @throws HeadstartError `target-unreadable` where it is larger than what is unpacked into memory
 */
export async function unpackedBytes(file: TableFile): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of file.chunks()) {
    parts.push(chunk);
    if ((size += chunk.length) <= LARGEST_UNPACKED) continue;
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${file.path} is gzipped and unpacks to more than ${LARGEST_UNPACKED / 2 ** 20} MiB.`,
      hint: 'Unpack it with gunzip, and give the unpacked file.',
    });
  }
  return Buffer.concat(parts);
}

/** A file's bytes in pieces. @throws HeadstartError `target-not-found`, `target-unreadable` */
export async function* fileChunks(path: string): AsyncGenerator<Buffer> {
  const size = await regularFile(path);
  await using file = await openToRead(path).catch((cause: unknown) => Promise.reject(openError(path, cause)));
  for (;;) {
    const { buffer, bytesRead } = await file
      .read(Buffer.allocUnsafe(Math.min(CHUNK, Math.max(size, 1))))
      .catch((cause: unknown) => Promise.reject(openError(path, cause)));
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

function isGzip(head: Buffer): boolean {
  return head.length > 2 && head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

async function* unpacked(path: string, packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const source = Readable.from(packed);
  const gunzip = createGunzip({ chunkSize: CHUNK });
  source.on('error', (cause) => gunzip.destroy(cause));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (cause) {
    if (HeadstartError.is(cause)) throw cause;
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${path} is gzipped and cannot be unpacked: ${(cause as Error).message}.`,
      hint: 'Fetch or pack the file again; it is cut off or damaged.',
      cause,
    });
  } finally {
    source.destroy();
  }
}

async function beginning(chunks: AsyncGenerator<Buffer>): Promise<{ head: Buffer; whole: boolean }> {
  const parts: Buffer[] = [];
  let size = 0;
  let whole = true;
  for await (const chunk of chunks) {
    parts.push(chunk);
    size += chunk.length;
    whole = size <= CHUNK;
    if (!whole) break;
  }
  return { head: Buffer.concat(parts).subarray(0, CHUNK), whole };
}
