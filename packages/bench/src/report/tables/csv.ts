import { plainLine, type TableCell, type TableColumn, type TextTable } from './text-table.ts';

/**
 * A table as RFC 4180 has it. Numbers are unrounded, an interval's ends in columns of their own. A text that a spreadsheet
 * would take for a formula has an apostrophe before it.
 */
export function csvTable({ columns, rows }: TextTable): string {
  const heads = columns.flatMap(({ title, kind }) =>
    (kind === 'interval' ? [title, `${title} low`, `${title} high`] : [title]).map(textField),
  );
  const lines = [heads, ...rows.map((row) => row.flatMap((cell, i) => fields(cell, columns[i]!)))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function fields(cell: TableCell, { kind }: TableColumn): string[] {
  if (typeof cell === 'string') return [textField(cell)];
  const value = cell === null ? '' : String(cell.value);
  if (kind !== 'interval') return [value];
  const [low, high] = cell?.interval ?? ['', ''];
  return [value, String(low), String(high)];
}

function textField(text: string): string {
  const line = plainLine(text);
  const safe = /^\s*[=+\-@]/.test(line) ? `'${line}` : line;
  return /[",;]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
