import { openToRead } from '@headstart/artifacts/storage';
import { parquetMetadataAsync, type AsyncBuffer, type FileMetaData } from 'hyparquet';
import { OutgrowsMemory } from './codecs.ts';
import { regularFile } from '../regular-file.ts';
import { unpackedBytes, type TableFile } from '../table-file.ts';

/** A table of contents of more bytes than this lists more columns or groups of rows than a table of samples has. */
const LARGEST_CONTENTS = 64 * 2 ** 20;

/** A Parquet file and its table of contents. */
export interface ParquetFile {
  readonly bytes: AsyncBuffer;
  readonly metadata: FileMetaData;
}

/** Opens a Parquet file; a gzipped one is unpacked into memory. @throws Error, of any kind, where it is none */
export async function openParquet(file: TableFile): Promise<ParquetFile> {
  const bytes = file.gzipped ? bytesOf(await unpackedBytes(file)) : await bytesAt(file.path);
  const end = Buffer.from(await bytes.slice(Math.max(0, bytes.byteLength - 8), bytes.byteLength));
  if (end.toString('latin1', 4) !== 'PAR1' || end.readUInt32LE() <= LARGEST_CONTENTS)
    return { bytes, metadata: await parquetMetadataAsync(bytes) };
  throw new OutgrowsMemory(`its table of contents has ${Math.round(end.readUInt32LE() / 2 ** 20)} MiB`);
}

function bytesOf(buffer: Buffer): AsyncBuffer {
  return {
    byteLength: buffer.length,
    slice: (start, end) => Promise.resolve(new Uint8Array(buffer.subarray(start, end)).buffer),
  };
}

async function bytesAt(path: string): Promise<AsyncBuffer> {
  const byteLength = await regularFile(path);
  return {
    byteLength,
    async slice(start, end = byteLength) {
      const from = start < 0 ? Math.max(0, byteLength + start) : start;
      const wanted = new Uint8Array(Math.max(0, Math.min(end, byteLength) - from));
      await using file = await openToRead(path);
      for (let at = 0; at < wanted.length; ) {
        const { bytesRead } = await file.read(wanted, at, wanted.length - at, from + at);
        if (bytesRead === 0) throw new Error('the file became shorter while it was read');
        at += bytesRead;
      }
      return wanted.buffer;
    },
  };
}
