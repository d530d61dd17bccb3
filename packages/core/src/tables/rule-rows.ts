import { cellText } from './cell-text.ts';

/** What people see as a line: of databases' consoles (`----+----`, `+---+`) and of Markdown (`:---`, `---:`). */
const RULE = /^(?=.*---|:?-+:$|:-+$)[-+:=]+$/;

/** Whether a row is drawn under the names of columns or around a table, and holds nothing. */
export function isRule(cells: readonly unknown[]): boolean {
  const filled = cells.map(cellText).filter((cell) => cell !== '');
  return filled.length > 0 && filled.every((cell) => RULE.test(cell));
}
