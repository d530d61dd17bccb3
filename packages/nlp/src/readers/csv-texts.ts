import { openCsvTable, type TableRow } from '@headstart/core/readers';
import { NAMES } from './column-names.ts';
import type { TextTable } from './text-record.ts';

/** A cell longer than this is not a column's name. */
const LONGEST_NAME = 64;

/**
 * A table of texts as CSV or TSV, see `openCsvTable`. Without a header line, columns are called 1, 2, ….
 * @throws HeadstartError `target-not-found`, `target-unreadable`, `invalid-option`
 */
export async function openCsv(path: string, options: Readonly<Record<string, string>>): Promise<TextTable> {
  const table = await openCsvTable(path, { options, namesColumns });
  return {
    columns: table.header ?? Array.from({ length: table.width }, (_, i) => String(i + 1)),
    unit: 'line',
    async *records() {
      for await (const { cells, line, fault } of table.rows()) yield { line, values: cells, fault };
    },
  };
}

/**
 * Whether the first row names columns. It does where a cell is a usual name; it does not where a cell
 * is empty, long, a number, or comes back below (a label does, a name does not).
 */
function namesColumns(rows: readonly TableRow[]): boolean {
  const cells = rows[0]!.cells.map((cell) => cell.trim());
  if (cells.some((cell) => NAMES.has(cell.toLowerCase()))) return true;
  return cells.every((cell, column) => {
    if (cell === '' || cell.length > LONGEST_NAME || Number.isFinite(Number(cell))) return false;
    return rows.slice(1).every((row) => row.cells[column]?.trim() !== cell);
  });
}
