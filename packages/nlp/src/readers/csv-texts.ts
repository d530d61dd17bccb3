import { HeadstartError } from '@headstart/core';
import { parseCsv, readCsv, utf8Chunks, type TableRow } from '@headstart/core/readers';
import { extname } from 'node:path';
import { NAMES } from './column-names.ts';
import type { TextRecord, TextTable } from './text-record.ts';

const DELIMITERS = [',', '\t', ';', '|'];
/** Rows that are looked at to tell a header from data. */
const LOOK = 100;
/** A cell longer than this is no column's name. */
const LONGEST_NAME = 64;

/**
 * A table of texts separated by commas, tabs, semicolons or bars, whichever gives all of the first lines
 * the same number of cells; the option `delimiter` decides it. Without a header line (option `header`:
 * yes or no), columns are called 1, 2, ….
 * @throws HeadstartError `target-not-found`, `target-unreadable`, `invalid-option`
 */
export async function openCsv(path: string, options: Readonly<Record<string, string>>): Promise<TextTable> {
  const delimiter = await delimiterOf(path, options['delimiter']);
  const head = await firstRows(path, delimiter);
  const first = head[0]?.cells ?? [];
  const named = hasHeader(head, options['header']);
  const columns = named ? first.map((cell) => cell.trim()) : first.map((_, i) => String(i + 1));
  return {
    columns,
    unit: 'line',
    async *records() {
      let header = named;
      for await (const row of readCsv(path, { delimiter })) {
        if (header) header = false;
        else yield recordOf(row, columns.length);
      }
    },
  };
}

function recordOf({ cells, line }: TableRow, columns: number): TextRecord {
  if (cells.length === columns) return { line, values: cells };
  return {
    line,
    values: cells,
    fault: `it has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'} where the first line has ${columns}`,
  };
}

async function firstRows(path: string, delimiter: string): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const row of readCsv(path, { delimiter })) {
    rows.push(row);
    if (rows.length === LOOK) break;
  }
  return rows;
}

async function delimiterOf(path: string, asked: string | undefined): Promise<string> {
  if (asked === '') throw optionError('delimiter', asked, 'a character such as ; or the word tab');
  if (asked !== undefined) return asked === 'tab' || asked === '\\t' ? '\t' : asked;
  if (extname(path).toLowerCase() === '.tsv') return '\t';
  const lines = await headLines(path);
  const counts = DELIMITERS.map((delimiter) => cellsOfAll(lines, delimiter));
  const most = Math.max(...counts);
  return most > 1 ? DELIMITERS[counts.indexOf(most)]! : ',';
}

/** The lines of the first piece of a file that are whole. */
async function headLines(path: string): Promise<string> {
  for await (const chunk of utf8Chunks(path)) {
    const text = chunk.toString('utf8');
    const end = text.lastIndexOf('\n');
    return end < 0 ? text : text.slice(0, end + 1);
  }
  return '';
}

/** How many cells every row has; 0 where rows differ. */
function cellsOfAll(text: string, delimiter: string): number {
  try {
    return parseCsv(text, '', { delimiter })[0]?.cells.length ?? 0;
  } catch {
    return 0;
  }
}

/**
 * Whether the first row names columns. It does where a cell is a usual name; it does not where a cell
 * is empty, long, a number, or comes back below (a label does, a name does not).
 */
function hasHeader(rows: readonly TableRow[], asked: string | undefined): boolean {
  if (asked !== undefined && asked !== 'yes' && asked !== 'no') throw optionError('header', asked, 'yes or no');
  if (asked !== undefined || rows.length === 0) return asked !== 'no';
  const cells = rows[0]!.cells.map((cell) => cell.trim());
  if (cells.some((cell) => NAMES.has(cell.toLowerCase()))) return true;
  return cells.every((cell, column) => {
    if (cell === '' || cell.length > LONGEST_NAME || Number.isFinite(Number(cell))) return false;
    return rows.slice(1).every((row) => row.cells[column]?.trim() !== cell);
  });
}

function optionError(option: string, value: string, wanted: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The reader option ${option} cannot be "${value}".`,
    hint: `Give ${wanted}.`,
  });
}
