import { CsvError, Parser } from 'csv-parse';
import { parse as parseSync, type Options } from 'csv-parse/sync';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HeadstartError } from '@headstart/artifacts/errors';
import { utf8Chunks } from './utf8-file.ts';

/** A line of a table, or several where a quoted cell has line breaks. */
export interface TableRow {
  readonly cells: readonly string[];
  /** The line of the file in which it begins, from 1. */
  readonly line: number;
}

/** A record may have this many characters: past it, a quote was opened and never closed. */
const LONGEST_RECORD = 64 * 2 ** 20;

/** A file edited on several systems may have more than one of them. */
const LINE_BREAKS = ['\r\n', '\n', '\r'];

type Parsed = { record: string[]; info: { lines: number } };

/** A parser that gives each row with the line in which it ends: what the option `info` adds is far larger than the row. */
class RowParser extends Parser {
  override push(record: string[] | null): boolean {
    return super.push(record && ({ record, info: { lines: this.info.lines } } satisfies Parsed));
  }
}

/**
 * Parses a table in memory. A byte-order mark and empty lines are passed over.
 * @throws HeadstartError `target-unreadable` for a line that is not well formed or has more or fewer cells than the first
 */
export function parseCsv(text: string, path: string, { delimiter }: { delimiter: string }): TableRow[] {
  try {
    const parsed = parseSync(text, {
      bom: true,
      delimiter,
      record_delimiter: LINE_BREAKS,
      skip_empty_lines: true,
      info: true,
    } satisfies Options);
    return (parsed as unknown as Parsed[]).map(rowOf);
  } catch (cause) {
    throw notATable(path, cause);
  }
}

/** What reading row by row forgives: see `readCsv`. */
const LENIENT = {
  bom: true,
  record_delimiter: LINE_BREAKS,
  skip_empty_lines: true,
  relax_quotes: true,
  relax_column_count: true,
  max_record_size: LONGEST_RECORD,
} satisfies Options;

/** The first rows of a table in memory, read as `readCsv` does. @throws HeadstartError `target-unreadable` */
export function firstRowsIn(
  text: string,
  path: string,
  { delimiter, count }: { delimiter: string; count: number },
): TableRow[] {
  try {
    const parsed = parseSync(text, { ...LENIENT, delimiter, to: count, info: true });
    return (parsed as unknown as Parsed[]).map(rowOf);
  } catch (cause) {
    throw notATable(path, cause);
  }
}

/**
 * Reads a table row by row, so that memory does not grow with the file. A quote inside a cell that does
 * not begin with one stands for itself. Rows come as they are, whatever their number of cells.
 * @throws HeadstartError `target-not-found`, `target-unreadable`, also for bytes that are not UTF-8
 */
export async function* readCsv(path: string, { delimiter }: { delimiter: string }): AsyncGenerator<TableRow> {
  const parser = new RowParser({ ...LENIENT, delimiter });
  const fed = pipeline(Readable.from(utf8Chunks(path)), parser);
  fed.catch(() => {}); // what reading the parser throws
  try {
    for await (const record of parser) yield rowOf(record as Parsed);
    await fed;
  } catch (cause) {
    throw notATable(path, cause);
  }
}

function rowOf({ record, info }: Parsed): TableRow {
  const breaks = record.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
  return { cells: record, line: info.lines - breaks };
}

function notATable(path: string, cause: unknown): HeadstartError {
  if (HeadstartError.is(cause)) return cause;
  const open =
    cause instanceof CsvError && (cause.code === 'CSV_QUOTE_NOT_CLOSED' || cause.code === 'CSV_MAX_RECORD_SIZE');
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is not a table: ${cause instanceof Error ? cause.message : String(cause)}.`,
    hint: open
      ? 'Close the quote; a quote inside a quoted cell is written twice.'
      : 'Every line needs the same number of cells; cells with commas or line breaks belong in double quotes.',
    cause,
  });
}
