import { parquetWriteBuffer } from 'hyparquet-writer';
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

/** As RFC 4180 has it: quoted where a cell needs it, with a heading. */
function csv(rows: readonly TableRow[]): string {
  const cell = (value: string | number) =>
    /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  const names = Object.keys(rows[0] ?? {});
  return [names, ...rows.map((row) => names.map((name) => row[name]!))]
    .map((cells) => `${cells.map(cell).join(',')}\r\n`)
    .join('');
}

function parquet(rows: readonly TableRow[]): Uint8Array {
  const names = Object.keys(rows[0] ?? {});
  const columnData = names.map((name) => {
    const data = rows.map((row) => row[name]!);
    const type = data.every((value) => typeof value === 'number')
      ? data.every(Number.isInteger)
        ? ('INT32' as const)
        : ('DOUBLE' as const)
      : ('STRING' as const);
    return { name, data, type };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
