import { extname } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import { firstRowsIn, parseCsv, readCsv, type TableRow } from './csv-rows.ts';
import { headLines } from './utf8-file.ts';

const DELIMITERS = [',', '\t', ';', '|'];
/** Rows that are looked at to tell a header from data. */
const LOOK = 100;

/** A row below the header. */
export interface DataRow extends TableRow {
  /** Why its cells cannot be matched to columns, as the end of a sentence: it has more or fewer than the first row. */
  readonly fault?: string;
}

/** A CSV or TSV file that can be read row by row, as often as needed. */
export interface CsvTable {
  /** The names of the columns, without space around them; absent where the first line is data already. */
  readonly header?: readonly string[];
  /** Cells of the first row; 0 for a file without rows. */
  readonly width: number;
  /** The rows below the header. @throws HeadstartError `target-unreadable`, also for bytes that are not UTF-8 */
  rows(): AsyncGenerator<DataRow>;
}

/** What determines separator and header of a table. */
export interface CsvTableRequest {
  /** A reader's options; of these, `delimiter` (a character, or the word tab) and `header` (yes, no) are meant here. */
  readonly options: Readonly<Record<string, string>>;
  /** Whether the first of a table's rows names the columns, where the option `header` does not say. */
  readonly namesColumns: (rows: readonly TableRow[]) => boolean;
}

/**
 * Opens a table in UTF-8, with or without a byte-order mark. Cells are separated by commas, tabs, semicolons or
 * bars, whichever gives all of the first lines the same number of cells; by tabs in a file called `.tsv`.
 * @throws HeadstartError `target-not-found`; `target-unreadable`, also for bytes that are not UTF-8; `invalid-option`
 */
export async function openCsvTable(path: string, { options, namesColumns }: CsvTableRequest): Promise<CsvTable> {
  const delimiter = await delimiterOf(path, options['delimiter']);
  const head = await firstRows(path, delimiter);
  const named = hasHeader(head, options['header'], namesColumns);
  const first = head[0]?.cells ?? [];
  return {
    ...(named && { header: first.map((cell) => cell.trim()) }),
    width: first.length,
    async *rows() {
      let header = named;
      for await (const row of readCsv(path, { delimiter })) {
        if (header) header = false;
        else yield checked(row, first.length);
      }
    },
  };
}

/**
 * The first rows of a table, a header among them, whatever its encoding: for a reader that looks whether a table
 * is its own. Opening the table checks the encoding.
 * @throws HeadstartError `target-not-found`, `target-unreadable`
 */
export async function glanceAtCsv(path: string, count: number): Promise<TableRow[]> {
  const text = await headLines(path);
  return firstRowsIn(text, path, { delimiter: likeliestDelimiter(path, text), count });
}

async function delimiterOf(path: string, asked: string | undefined): Promise<string> {
  if (asked === '') throw optionError('delimiter', asked, 'a character such as ; or the word tab');
  if (asked !== undefined) return asked === 'tab' || asked === '\\t' ? '\t' : asked;
  return likeliestDelimiter(path, await headLines(path));
}

function likeliestDelimiter(path: string, text: string): string {
  if (extname(path).toLowerCase() === '.tsv') return '\t';
  const counts = DELIMITERS.map((delimiter) => cellsOfAll(text, delimiter));
  const most = Math.max(...counts);
  return most > 1 ? DELIMITERS[counts.indexOf(most)]! : ',';
}

/** How many cells every row has; 0 where rows differ. */
function cellsOfAll(text: string, delimiter: string): number {
  try {
    return parseCsv(text, '', { delimiter })[0]?.cells.length ?? 0;
  } catch {
    return 0;
  }
}

async function firstRows(path: string, delimiter: string): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const row of readCsv(path, { delimiter })) {
    rows.push(row);
    if (rows.length === LOOK) break;
  }
  return rows;
}

function hasHeader(
  rows: readonly TableRow[],
  asked: string | undefined,
  namesColumns: CsvTableRequest['namesColumns'],
): boolean {
  if (asked !== undefined && asked !== 'yes' && asked !== 'no') throw optionError('header', asked, 'yes or no');
  if (rows.length === 0) return false;
  return asked === undefined ? namesColumns(rows) : asked === 'yes';
}

function checked(row: TableRow, width: number): DataRow {
  const { length } = row.cells;
  if (length === width) return row;
  return { ...row, fault: `it has ${length} ${length === 1 ? 'cell' : 'cells'} where the first line has ${width}` };
}

function optionError(option: string, value: string, wanted: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The reader option ${option} cannot be "${value}".`,
    hint: `Give ${wanted}.`,
  });
}
