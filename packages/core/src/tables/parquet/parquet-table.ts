import { HeadstartError } from '@headstart/artifacts/errors';
import { parquetReadObjects, parquetSchema, type RowGroup } from 'hyparquet';
import { isUtf8 } from 'node:buffer';
import type { DataTable, TableRecord } from '../data-table.ts';
import type { TableFile } from '../table-file.ts';
import { LARGEST_WIDTH, tooManyColumns } from '../table-errors.ts';
import { checkPages } from './check-pages.ts';
import { classNames } from './class-names.ts';
import { compressors, OutgrowsMemory } from './codecs.ts';
import { openParquet, type ParquetFile } from './parquet-file.ts';

/** Rows that are decoded at once: few for a look, then as many as this, or as make up so many bytes. */
const FIRST_ROWS = 1000;
const MOST_ROWS = 100_000;
const BYTES = 64 * 2 ** 20;
/** A sample takes some hundred bytes of memory, beside what it holds. */
const MOST_SAMPLES = 20_000_000;

/**
 * A Parquet file, read so many rows at a time that memory does not grow with the file. Snappy, gzip, brotli and Zstandard are
 * unpacked.
 * @throws HeadstartError `target-unreadable`, also for rows that outgrow memory
 */
export async function parquetTable(table: TableFile): Promise<DataTable> {
  const { path } = table;
  const file = await attempt(path, () => openParquet(table));
  const columns = parquetSchema(file.metadata).children.map(({ element }) => element.name);
  if (columns.length > LARGEST_WIDTH) throw tooManyColumns(path, columns.length);
  const rows = Number(file.metadata.num_rows);
  if (rows > MOST_SAMPLES) throw tooManyRows(path, rows);
  const names = classNames(file.metadata);
  return {
    columns,
    format: 'parquet',
    unit: 'row',
    ...(Object.keys(names).length > 0 && { classNames: names }),
    records: (wanted) => rowsOf(path, file, columns, wanted),
  };
}

async function* rowsOf(
  path: string,
  file: ParquetFile,
  names: readonly string[],
  wanted: readonly number[] = names.map((_, index) => index),
): AsyncGenerator<TableRecord> {
  const columns = [...new Set(wanted.map((index) => names[index]!))];
  const chosen = new Set(wanted);
  let start = 0;
  let most = FIRST_ROWS;
  for (const group of file.metadata.row_groups) {
    const groupEnd = start + Number(group.num_rows);
    await attempt(path, () => checkGroup(file, group, columns));
    const atOnce = rowsAtOnce(group, columns);
    while (start < groupEnd) {
      const end = Math.min(start + Math.min(atOnce, most), groupEnd);
      const rows = await attempt(path, () => decoded(file, columns, start, end));
      for (const [i, row] of rows.entries())
        yield {
          line: start + i + 1,
          values: names.map((name, index) => (chosen.has(index) ? valueOf(row[name]) : undefined)),
        };
      start = end;
      most = MOST_ROWS;
    }
  }
}

function columnsOf(group: RowGroup, columns: readonly string[]) {
  return group.columns.flatMap(({ meta_data }) =>
    meta_data && columns.includes(meta_data.path_in_schema[0]!) ? [meta_data] : [],
  );
}

async function checkGroup({ bytes }: ParquetFile, group: RowGroup, columns: readonly string[]): Promise<void> {
  for (const column of columnsOf(group, columns)) await checkPages(bytes, column);
}

function rowsAtOnce(group: RowGroup, columns: readonly string[]): number {
  const bytes = columnsOf(group, columns).reduce((sum, column) => sum + Number(column.total_uncompressed_size), 0);
  return Math.max(1, Math.floor(BYTES / Math.max(1, bytes / Number(group.num_rows))));
}

async function decoded({ bytes, metadata }: ParquetFile, columns: string[], rowStart: number, rowEnd: number) {
  const file = bytes;
  const rows = await parquetReadObjects({
    ...{ file, metadata, columns, rowStart, rowEnd, compressors },
    useOffsetIndex: true,
    utf8: false,
  });
  if (rows.length !== rowEnd - rowStart) throw new Error(`rows ${rowStart + 1} to ${rowEnd} are not all there`);
  return rows;
}

/** Texts that are not marked as such, as Spark once wrote them, are bytes. */
function valueOf(value: unknown): unknown {
  return value instanceof Uint8Array && isUtf8(value) ? Buffer.from(value).toString('utf8') : value;
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (HeadstartError.is(cause)) throw cause;
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${path} cannot be read as Parquet: ${cause instanceof Error ? cause.message : String(cause)}.`,
      hint:
        cause instanceof OutgrowsMemory
          ? 'Write it again in smaller parts: in pandas, to_parquet(path, row_group_size=10_000); or save it as JSONL.'
          : 'Fetch or write the file again; a cut-off file lacks its end, where the table of contents lies. Or save it as JSONL.',
      cause,
    });
  }
}

function tooManyRows(path: string, rows: number): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} has ${rows.toLocaleString('en')} rows, more than the limit of ${MOST_SAMPLES.toLocaleString('en')}.`,
    hint: 'Take a part of them: in pandas, read_parquet(path).sample(1_000_000).to_parquet("part.parquet").',
  });
}
