import { placeOf } from './cell-names.ts';
import { LARGEST_SHEET, unreadable, type Sheet, type Workbook } from './workbook.ts';

/** Cells merged over several rows: of the column, from the first row to the last, from 0. */
export type MergedCells = readonly { readonly column: number; readonly first: number; readonly last: number }[];

const MOST = 100_000;

/**
 * Which cells of a sheet are merged downwards. They are listed behind the rows, so the sheet is gone through once for
 * them, as bytes.
 * @throws HeadstartError `target-unreadable`
 */
export async function mergedCells({ path, parts }: Workbook, sheet: Sheet): Promise<MergedCells> {
  const merged: { column: number; first: number; last: number }[] = [];
  let tail = '';
  for await (const chunk of parts.chunks(sheet.part, LARGEST_SHEET)) {
    const text = tail + chunk.toString('latin1');
    for (const [, from, to] of text.matchAll(/<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]+\d+):([A-Z]+\d+)"/g)) {
      const [start, end] = [placeOf(from!), placeOf(to!)];
      if (start && end && end.row > start.row) merged.push({ column: start.column, first: start.row, last: end.row });
      if (merged.length > MOST) throw unreadable(path, sheet, `it has more than ${MOST} merged cells`);
    }
    const open = text.lastIndexOf('<');
    tail = open >= 0 && !text.includes('>', open) ? text.slice(open, open + 1000) : '';
  }
  return merged;
}

/** Fills rows, asked in their order: below the first of merged cells, the others hold what it does. */
export function mergedDown(merged: MergedCells): (row: number, cells: unknown[]) => unknown[] {
  const byFirst = [...merged].sort((a, b) => a.first - b.first);
  let next = 0;
  let active: { column: number; last: number; value: unknown }[] = [];
  return (row, cells) => {
    active = active.filter(({ last }) => last >= row);
    for (const { column, value } of active) cells[column] = value;
    for (; next < byFirst.length && byFirst[next]!.first <= row; next++) {
      const { column, first, last } = byFirst[next]!;
      if (first === row) active.push({ column, last, value: cells[column] });
    }
    return cells;
  };
}
