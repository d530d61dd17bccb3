import { HeadstartError } from '@headstart/artifacts/errors';
import type { Dialect, TableRow } from './csv-rows.ts';

/** Lines within a cell that must look like rows where nothing else tells them from a text of several lines. */
const MANY = 5;
/** A column whose cells have this many values at most is one of categories. */
const CATEGORIES = 50;

/** What rows of a table look like: how many cells they have, and the values of columns in which few values come back. */
export interface RowShape {
  readonly width: number;
  readonly categories: ReadonlyMap<number, ReadonlySet<string>>;
}

/** Learns from the first rows what rows look like. */
export function rowShape(rows: readonly TableRow[], width: number): RowShape {
  const categories = new Map<number, ReadonlySet<string>>();
  const whole = rows.filter(({ cells }) => cells.length === width);
  for (let column = 0; column < width; column++) {
    const counts = new Map<string, number>();
    for (const { cells } of whole) {
      const cell = cells[column]!.trim();
      if (cell !== '' && !/[\r\n]/.test(cell)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    const recurring = [...counts].filter(([, count]) => count > 1).map(([value]) => value);
    if (counts.size <= Math.min(CATEGORIES, whole.length / 2) && recurring.length > 0)
      categories.set(column, new Set(recurring));
  }
  return { width, categories };
}

/**
 * Whether a quote swallowed rows: a cell has line breaks, and each of the lines before its last reads as a row of its own.
 */
export function swallowsRows({ cells }: TableRow, { delimiter, quote }: Dialect, shape: RowShape): boolean {
  if (quote === undefined || shape.width < 2) return false;
  return cells.some((cell, column) => {
    if (!cell.includes('\n')) return false;
    const [first, ...others] = cell.split(/\r?\n/).slice(0, -1);
    const begun = [...cells.slice(0, column), ...first!.split(delimiter)];
    const inner = others.map((line) => line.split(delimiter)).filter((line) => line.join('').trim() !== '');
    const rows = [...(column + 1 < shape.width || begun.length > column + 1 ? [begun] : []), ...inner];
    if (rows.length === 0 || rows.some((row) => row.length !== shape.width)) return false;
    return shape.categories.size === 0 ? inner.length >= MANY : rows.every((row) => hasCategories(row, shape));
  });
}

function hasCategories(row: readonly string[], { categories }: RowShape): boolean {
  return [...categories].every(([column, values]) => values.has(row[column]!.trim().replace(/^"(.*)"$/, '$1')));
}

/** The error for a cell in which a quote swallowed rows. */
export function swallowed(path: string, line: number): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path}, line ${line}: a quote opens a cell whose lines look like rows of the table, so that rows would be lost in it.`,
    hint: 'Where quotes are letters like others, give the option quote=none; close the quote where it is missing; where the cell is meant so, give quote=".',
  });
}
