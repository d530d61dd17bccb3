import { parquetWriteBuffer } from 'hyparquet-writer';
import { delimitedText } from './delimited-text.ts';
import type { TableFormat } from './table-format.ts';

/** A row by the names of its columns; all rows have the same. */
export type TableRow = Readonly<Record<string, string | number>>;

const writers: Readonly<Record<TableFormat, (rows: readonly TableRow[]) => Uint8Array | string>> = {
  '.csv': csv,
  '.jsonl': (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
  '.parquet': parquet,
};

/** A table as a file's content. */
export function tableBytes(rows: readonly TableRow[], format: TableFormat): Uint8Array | string {
  return writers[format](rows);
}

/** With a heading. */
function csv(rows: readonly TableRow[]): string {
  const names = Object.keys(rows[0] ?? {});
  return delimitedText([names, ...rows.map((row) => names.map((name) => row[name]))], ',');
}

function parquet(rows: readonly TableRow[]): Uint8Array {
  const names = Object.keys(rows[0] ?? {});
  const columnData = names.map((name) => {
    const data = rows.map((row) => row[name]!);
    if (!data.every((value) => typeof value === 'number')) return { name, data, type: 'STRING' as const };
    if (data.every((value) => Number.isInteger(value) && value === (value | 0)))
      return { name, data, type: 'INT32' as const };
    if (data.every((value) => Number.isSafeInteger(value)))
      return { name, data: data.map(BigInt), type: 'INT64' as const };
    return { name, data, type: 'DOUBLE' as const };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
