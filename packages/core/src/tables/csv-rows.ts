import { CsvError, Parser } from 'csv-parse';
import { parse as parseSync, type Options } from 'csv-parse/sync';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { HeadstartError } from '@headstart/artifacts/errors';

/** How the cells of a text are told apart. */
export interface Dialect {
  readonly delimiter: string;
  /** The character around cells that contain delimiters or line breaks; absent where cells are never quoted. */
  readonly quote?: string;
  /** What makes the quote after it part of the cell: the quote itself, or a backslash. */
  readonly escape?: string;
  /** Whether blanks after a delimiter belong to no cell, so that a quote after them opens one. */
  readonly trim?: boolean;
  /** Lines at the beginning that belong to no row: comments, a title, Excel's `sep=;`. */
  readonly skip: number;
}

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

/** A quote inside a cell that does not begin with one stands for itself, and rows may have any number of cells. */
function parserOptions({ delimiter, quote, escape, trim }: Dialect): Options {
  return {
    delimiter,
    quote: quote ?? null,
    escape: escape ?? quote ?? null,
    ltrim: trim ?? false,
    record_delimiter: LINE_BREAKS,
    skip_empty_lines: true,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: LONGEST_RECORD,
  };
}

/**
 * Reads rows one by one, so that memory does not grow with the file. A quote inside a cell that does
 * not begin with one stands for itself. Rows come as they are, whatever their number of cells.
 * @param chunks UTF-8; `path` is named in errors
 * @throws HeadstartError `target-unreadable`
 */
export async function* readRows(
  chunks: AsyncIterable<Buffer>,
  path: string,
  dialect: Dialect,
): AsyncGenerator<TableRow> {
  const parser = new RowParser(parserOptions(dialect));
  const fed = pipeline(Readable.from(withoutLines(chunks, dialect.skip)), parser);
  fed.catch(() => {}); // what reading the parser throws
  try {
    for await (const record of parser) yield rowOf(record as Parsed, dialect.skip);
    await fed;
  } catch (cause) {
    throw notATable(path, cause, dialect.skip);
  }
}

/** The rows of a piece of text from its beginning: at most `count`, for a look. */
export interface FirstRows {
  readonly rows: readonly TableRow[];
  /** Whether the last row has a quote that the piece does not close. */
  readonly open: boolean;
}

/** The first rows of a text that is cut off at some place. */
export function firstRows(text: string, dialect: Dialect, count: number): FirstRows {
  const options = { ...parserOptions(dialect), to: count, info: true };
  const parse = (piece: string) =>
    (parseSync(piece, options) as unknown as Parsed[]).map((row) => rowOf(row, dialect.skip));
  try {
    return { rows: parse(text), open: false };
  } catch {
    return { rows: parse(`${text}${dialect.quote}\n`), open: true };
  }
}

function rowOf({ record, info }: Parsed, skipped: number): TableRow {
  const breaks = record.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
  return { cells: record, line: info.lines - breaks + skipped };
}

async function* withoutLines(chunks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of chunks) {
    let start = 0;
    while (left > 0 && start < chunk.length) {
      const end = chunk.indexOf(0x0a, start);
      start = end < 0 ? chunk.length : end + 1;
      if (end >= 0) left--;
    }
    if (start < chunk.length) yield chunk.subarray(start);
  }
}

function notATable(path: string, cause: unknown, skipped: number): HeadstartError {
  if (HeadstartError.is(cause)) return cause;
  const open =
    cause instanceof CsvError && (cause.code === 'CSV_QUOTE_NOT_CLOSED' || cause.code === 'CSV_MAX_RECORD_SIZE');
  const after = skipped > 0 ? `, counted from line ${skipped + 1}` : '';
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is not a table: ${cause instanceof Error ? cause.message : String(cause)}${after}.`,
    hint: open
      ? 'Close the quote; a quote inside a quoted cell is written twice. Where quotes are letters like others, give the option quote=none.'
      : 'Every line needs the same number of cells; cells with commas or line breaks belong in double quotes.',
    cause,
  });
}
