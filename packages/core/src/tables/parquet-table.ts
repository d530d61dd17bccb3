import { HeadstartError } from '@headstart/artifacts/errors';
import {
  asyncBufferFromFile,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
} from 'hyparquet';
import * as zlib from 'node:zlib';
import type { DataTable, TableRecord } from './data-table.ts';

/** Rows decoded at once where a file has larger row groups. */
const ROWS = 10_000;

/**
 * A Parquet file, read row group by row group. Snappy, gzip and brotli are read, and zstd where this
 * version of Node has it (22.15 and newer).
 * @throws HeadstartError `target-not-found`, `target-unreadable`
 */
export async function parquetTable(path: string): Promise<DataTable> {
  const { file, metadata } = await attempt(path, async () => {
    const buffer = await asyncBufferFromFile(path);
    return { file: buffer, metadata: await parquetMetadataAsync(buffer) };
  });
  const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
  return {
    columns,
    format: 'parquet',
    unit: 'row',
    records: (wanted) => rowsOf(path, { file, metadata }, columns, wanted),
  };
}

async function* rowsOf(
  path: string,
  { file, metadata }: { file: AsyncBuffer; metadata: FileMetaData },
  names: readonly string[],
  wanted: readonly number[] = names.map((_, index) => index),
): AsyncGenerator<TableRecord> {
  const columns = wanted.map((index) => names[index]!);
  const chosen = new Set(wanted);
  let start = 0;
  for (const group of metadata.row_groups) {
    const groupEnd = start + Number(group.num_rows);
    while (start < groupEnd) {
      const end = Math.min(start + ROWS, groupEnd);
      const rows = await attempt(path, () =>
        parquetReadObjects({
          file,
          metadata,
          columns,
          rowStart: start,
          rowEnd: end,
          compressors,
          useOffsetIndex: true,
        }),
      );
      if (rows.length !== end - start) throw broken(path, new Error(`rows ${start + 1} to ${end} are not all there`));
      for (const [i, row] of rows.entries())
        yield {
          line: start + i + 1,
          values: names.map((name, index) => (chosen.has(index) ? (row[name] as unknown) : undefined)),
        };
      start = end;
    }
  }
}

const zstd = (zlib as { zstdDecompressSync?: (bytes: Uint8Array) => Uint8Array }).zstdDecompressSync;

const compressors: Compressors = {
  GZIP: (input) => zlib.gunzipSync(input),
  BROTLI: (input) => zlib.brotliDecompressSync(input),
  ...(zstd && { ZSTD: (input) => zstd(input) }),
};

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw broken(path, cause);
  }
}

function broken(path: string, cause: unknown): HeadstartError {
  const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  return new HeadstartError({
    code: missing ? 'target-not-found' : 'target-unreadable',
    message: missing
      ? `There is no file ${path}.`
      : `${path} cannot be read as Parquet: ${cause instanceof Error ? cause.message : String(cause)}.`,
    hint: missing
      ? 'Check the path.'
      : 'Fetch or write the file again; a cut-off file lacks its end, where the table of contents lies. Or save it as JSONL.',
    cause,
  });
}
