import { cellText } from './cell-text.ts';
import type { DataTable, TableRecord } from './data-table.ts';
import { firstOf } from './first-records.ts';
import { tooManyColumns, LARGEST_WIDTH } from './table-errors.ts';
import { namesColumns } from './header.ts';

/** Rows that are looked at to tell a header from data, and columns that are empty. */
export const LOOK = 1000;

/** A row before its cells are matched to columns. */
export interface CellRow {
  readonly line: number;
  readonly cells: readonly unknown[];
  readonly fault?: string;
}

/** Rows of cells, whatever they were read from. */
export interface CellSource extends Pick<DataTable, 'format' | 'unit' | 'separator' | 'encoding' | 'sheet'> {
  readonly path: string;
  readonly rows: () => AsyncGenerator<CellRow>;
}

/**
 * A table of rows of cells: whether the first names the columns is looked at where `header` does not say, trailing
 * columns and rows that are empty throughout are left out, and a row of more or fewer cells is a fault.
 * @throws HeadstartError `target-unreadable`
 */
export async function cellTable(source: CellSource, header: boolean | undefined): Promise<DataTable> {
  const { path, rows, ...form } = source;
  const first = await firstOf(filledRows(rows()), LOOK);
  const head = first[0]?.cells ?? [];
  if (head.length > LARGEST_WIDTH) throw tooManyColumns(path, head.length);
  const named = first.length > 0 && (header ?? namesColumns(first.map(({ cells }) => cells)));
  const data = named ? first.slice(1) : first;
  const names = head.map((cell, index) => (named && !isEmpty(cell) ? cellText(cell) : String(index + 1)));
  const kept = head.flatMap((cell, index) =>
    (named ? isEmpty(cell) : true) && data.length > 0 && data.every(({ cells }) => isEmpty(cells[index]))
      ? []
      : [index],
  );
  return {
    ...form,
    columns: kept.map((index) => names[index]!),
    header: named,
    ...(header === undefined && { headerSeen: true }),
    async *records(columns): AsyncGenerator<TableRecord> {
      const wanted = columns && new Set(columns);
      let leading = named;
      for await (const row of filledRows(rows())) {
        if (leading) leading = false;
        else {
          yield {
            line: row.line,
            values: kept.map((index, column) => (!wanted || wanted.has(column) ? row.cells[index] : undefined)),
            fault: row.fault ?? lengthFault(row.cells, head.length, kept),
          };
        }
      }
    },
  };
}

/** Rows that have something in them: sheets end with rows of nothing but separators. */
async function* filledRows(rows: AsyncGenerator<CellRow>): AsyncGenerator<CellRow> {
  for await (const row of rows) if (row.fault !== undefined || !row.cells.every(isEmpty)) yield row;
}

function isEmpty(cell: unknown): boolean {
  return cellText(cell) === '';
}

/** Cells beyond the columns must be empty, and cells may lack only where a column is left out. */
function lengthFault(cells: readonly unknown[], width: number, kept: readonly number[]): string | undefined {
  const { length } = cells;
  if (length > width ? cells.slice(width).every(isEmpty) : length > (kept.at(-1) ?? -1)) {
    const lost = Array.from({ length: Math.min(width, length) }, (_, i) => i).find(
      (index) => !kept.includes(index) && !isEmpty(cells[index]),
    );
    return lost === undefined
      ? undefined
      : `its cell ${lost + 1} stands below no name, in a column that is empty before`;
  }
  return `it has ${length} ${length === 1 ? 'cell' : 'cells'} where the first line has ${width}`;
}
