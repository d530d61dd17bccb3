import { cellText } from './cell-text.ts';
import type { DataTable, TableRecord } from './data-table.ts';
import { firstOf } from './first-records.ts';
import { LARGEST_WIDTH, tooManyColumns } from './table-errors.ts';
import { isRule } from './rule-rows.ts';
import { titleRows } from './title-rows.ts';
import { namesColumns, repeatsNames } from './header.ts';

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
  /** Whether rows end at their last cell, as in spreadsheets: then no row has too few. */
  readonly uneven?: boolean;
  readonly rows: () => AsyncGenerator<CellRow>;
}

/**
 * A table of rows of cells: whether the first names the columns is looked at where `header` does not say, trailing
 * columns and rows that are empty throughout are left out, and a row of more or fewer cells is a fault.
 * @throws HeadstartError `target-unreadable`
 */
export async function cellTable(source: CellSource, header: boolean | undefined): Promise<DataTable> {
  const { path, rows, uneven = false, ...form } = source;
  const looked = (await firstOf(filledRows(rows()), LOOK)).filter(({ fault }) => fault === undefined);
  const above = uneven ? titleRows(looked.map(({ cells }) => cells)) : 0;
  const first = looked.slice(above);
  const width = uneven ? Math.max(0, ...first.map(({ cells }) => cells.length)) : (first[0]?.cells.length ?? 0);
  if (width > LARGEST_WIDTH) throw tooManyColumns(path, width);
  const cells = first.map((row) => Array.from({ length: width }, (_, index) => row.cells[index]));
  const named = cells.length > 0 && (header ?? namesColumns(cells));
  const kept = keptColumns(cells, named);
  const head = looked[above]?.line ?? 0;
  const repetition = (row: readonly unknown[]) =>
    named && repeatsNames(row, cells[0]!) ? 'it repeats the names of the columns' : undefined;
  return {
    ...form,
    columns: kept.map((index) => (named && cellText(cells[0]![index])) || String(index + 1)),
    header: named,
    ...(header === undefined && { headerSeen: true }),
    async *records(columns): AsyncGenerator<TableRecord> {
      const wanted = columns && new Set(columns);
      for await (const row of filledRows(rows())) {
        if ((named && row.line === head) || (above > 0 && row.line < head)) continue;
        yield {
          line: row.line,
          values: kept.map((index, column) => (!wanted || wanted.has(column) ? row.cells[index] : undefined)),
          fault: row.fault ?? lengthFault(row.cells, { width, kept, uneven }) ?? repetition(row.cells),
        };
      }
    },
  };
}

/** All columns but those without a name in which no row has anything. */
function keptColumns(cells: readonly (readonly unknown[])[], named: boolean): number[] {
  const data = named ? cells.slice(1) : cells;
  return (cells[0] ?? []).flatMap((cell, index) => {
    const nameless = !named || isEmpty(cell);
    return nameless && data.length > 0 && data.every((row) => isEmpty(row[index])) ? [] : [index];
  });
}

/** Rows that have something in them: sheets end with rows of nothing but separators, consoles draw lines. */
async function* filledRows(rows: AsyncGenerator<CellRow>): AsyncGenerator<CellRow> {
  for await (const row of rows)
    if (row.fault !== undefined || !(row.cells.every(isEmpty) || isRule(row.cells))) yield row;
}

function isEmpty(cell: unknown): boolean {
  return cellText(cell) === '';
}

interface Form {
  readonly width: number;
  readonly kept: readonly number[];
  readonly uneven: boolean;
}

/** Cells beyond the columns must be empty, and cells may lack only where a column is left out. */
function lengthFault(cells: readonly unknown[], { width, kept, uneven }: Form): string | undefined {
  const { length } = cells;
  const fits = length > width ? cells.slice(width).every(isEmpty) : uneven || length > (kept.at(-1) ?? -1);
  if (!fits)
    return `it has ${length} ${length === 1 ? 'cell' : 'cells'} where the first ${uneven ? 'rows have' : 'line has'} ${width}`;
  const stray = cells.findIndex((cell, index) => index < width && !kept.includes(index) && !isEmpty(cell));
  return stray < 0
    ? undefined
    : `its cell ${stray + 1} stands below no name, in a column that is empty in the first rows`;
}
