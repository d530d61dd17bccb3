import { cellText } from './cell-text.ts';
import { isUsualName } from './usual-names.ts';

/** Rows above the others that can be a title. */
const MOST = 5;

/** How many rows are a title: one cell each, where the row below has several, one of them a usual name of a column. */
export function titleRows(rows: readonly (readonly unknown[])[]): number {
  const filled = (row: readonly unknown[]) => row.map(cellText).filter((cell) => cell !== '');
  const start = rows.findIndex((row) => filled(row).length > 1);
  if (start < 1 || start > MOST) return 0;
  return filled(rows[start]!).some(isUsualName) ? start : 0;
}
