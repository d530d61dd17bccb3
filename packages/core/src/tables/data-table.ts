import type { ReadingNotes } from '../domains/reading-notes.ts';

/** One row of a table, before its columns have a meaning. */
export interface TableRecord {
  /** Line of the file, row of the sheet, or place in the table where the format has no lines; from 1. */
  readonly line: number;
  /** One per column; undefined where the row has none. Cells of text formats are strings, those of others what they hold. */
  readonly values: readonly unknown[];
  /** Why the row cannot be read, as the end of a sentence. */
  readonly fault?: string;
}

/** A table that can be read row by row, as often as needed, in memory that does not grow with it. */
export interface DataTable {
  /** Names without space around them; 1, 2, … where the table does not name them. Columns that are empty throughout and have no name are left out. */
  readonly columns: readonly string[];
  readonly format: 'csv' | 'jsonl' | 'json' | 'parquet' | 'xlsx';
  /** What `line` counts, as messages say it. */
  readonly unit: 'line' | 'row' | 'item';
  /** The character between cells, of text formats. */
  readonly separator?: string;
  /** Whether the first row names the columns, where a format leaves that open. */
  readonly header?: boolean;
  /** Whether `header` was told by a look, not by the option: messages about columns then name the option. */
  readonly headerSeen?: boolean;
  /** Such as `utf-8`; absent for binary formats. */
  readonly encoding?: string;
  readonly sheet?: string;
  /** The names that a column's whole numbers stand for (ClassLabel of Hugging Face's Parquet), by the column's name. */
  readonly classNames?: Readonly<Record<string, readonly string[]>>;
  /**
   * The rows; with `columns` (indices) only those columns are decoded, and others are undefined: a broken column that
   * nobody needs is not read. A formula of a spreadsheet in one of those columns is refused; for a look, without
   * `columns`, it is what was stored for it.
   * @throws HeadstartError `target-unreadable`
   */
  records(columns?: readonly number[]): AsyncGenerator<TableRecord>;
  /** What the last reading of all rows left aside (titles, comments, empty rows), and what looked wrong; absent where there is never any. */
  readonly findings?: () => TableFindings;
}

/** What is to be said of a table's rows once they are read. */
export type TableFindings = Required<Pick<ReadingNotes, 'passedOver' | 'warnings'>>;
