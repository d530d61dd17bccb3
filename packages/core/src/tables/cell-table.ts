import type { PassedOver } from '../domains/reading-notes.ts';
import { cellText } from './cell-text.ts';
import type { DataTable, TableFindings, TableRecord } from './data-table.ts';
import { firstOf } from './first-records.ts';
import { furtherNames } from './further-names.ts';
import { LARGEST_WIDTH, tooManyColumns } from './table-errors.ts';
import { isRule } from './rule-rows.ts';
import { RowsAside } from './rows-aside.ts';
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
  /** How many lines before the first row belong to none. */
  readonly above?: number;
  readonly rows: () => AsyncGenerator<CellRow>;
}

/** A table of rows of cells. */
export interface CellTable extends DataTable {
  /** Where in a row the cell of each column stands. */
  readonly places: readonly number[];
  readonly findings: () => TableFindings;
}

/**
 * A table of rows of cells: whether the first names the columns is looked at where `header` does not say, trailing
 * columns and rows that are empty throughout are left out, and a row of more or fewer cells is a fault.
 * @throws HeadstartError `target-unreadable`
 */
export async function cellTable(source: CellSource, header: boolean | undefined): Promise<CellTable> {
  const { path, rows, uneven = false, above: linesAbove = 0, ...form } = source;
  const looked = (await firstOf(filledRows(rows(), new RowsAside(path)), LOOK)).filter(
    ({ fault }) => fault === undefined,
  );
  const above = uneven ? titleRows(looked.map(({ cells }) => cells)) : 0;
  const first = looked.slice(above);
  const width = uneven ? Math.max(0, ...first.map(({ cells }) => cells.length)) : (first[0]?.cells.length ?? 0);
  if (width > LARGEST_WIDTH) throw tooManyColumns(path, width);
  const cells = first.map((row) => Array.from({ length: width }, (_, index) => row.cells[index]));
  const further = furtherNames(cells);
  const named = cells.length > 0 && (header ?? (further > 0 || namesColumns(cells)));
  const kept = keptColumns(named ? [cells[0]!, ...cells.slice(1 + further)] : cells, named);
  const head = looked[above]?.line ?? 0;
  const last = named ? (first[further]?.line ?? head) : head;
  const repetition = (row: readonly unknown[]) =>
    named && repeatsNames(row, cells[0]!) ? 'it repeats the names of the columns' : undefined;
  let passedOver: PassedOver[] = [];
  return {
    ...form,
    places: kept,
    findings: () => ({ passedOver, warnings: [] }),
    columns: kept.map((index) => (named && cellText(cells[0]![index])) || String(index + 1)),
    header: named,
    ...(header === undefined && { headerSeen: true }),
    async *records(columns): AsyncGenerator<TableRecord> {
      const wanted = columns && new Set(columns);
      const aside = new RowsAside(path);
      for (let line = 1; line <= linesAbove; line++) aside.add('lines above the first row', line);
      for await (const row of filledRows(rows(), aside)) {
        if (named && row.line === head) continue;
        const reason =
          row.line < head
            ? 'rows above the others, as a title'
            : row.line <= last && row.line > head
              ? 'further rows of names, as Qualtrics writes'
              : undefined;
        if (reason !== undefined) {
          aside.add(reason, row.line);
          continue;
        }
        yield {
          line: row.line,
          values: kept.map((index, column) => (!wanted || wanted.has(column) ? row.cells[index] : undefined)),
          fault: row.fault ?? lengthFault(row.cells, { width, kept, uneven }) ?? repetition(row.cells),
        };
      }
      ({ passedOver } = aside);
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
async function* filledRows(rows: AsyncGenerator<CellRow>, aside: RowsAside): AsyncGenerator<CellRow> {
  for await (const row of rows) {
    if (row.fault !== undefined) yield row;
    else if (row.cells.every(isEmpty)) aside.add('empty rows', row.line);
    else if (isRule(row.cells)) aside.add('lines drawn between rows', row.line);
    else yield row;
  }
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
