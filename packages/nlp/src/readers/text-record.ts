import type { DataTable, RecognisedLayout, TableRecord } from '@headstart/core/readers';

/** A row of a table of texts, before its columns have a meaning. */
export interface TextRecord extends TableRecord {
  /** Which of a record's texts it is, from 1, where the layout lists several in one. */
  readonly part?: number;
  /** Why it is not to be learned from, in the plural: "discarded records". */
  readonly leftOut?: string;
  /** Why it has no label, where the layout says so. */
  readonly unlabelled?: string;
}

/** A table of texts that can be read row by row, as often as needed. */
export interface TextTable extends Omit<DataTable, 'records'> {
  /** The tool whose layout the records have, the column that it says holds the text, and those that hold labels. */
  readonly layout?: string;
  readonly text?: string;
  readonly labels?: readonly string[];
  records(columns?: readonly number[]): AsyncGenerator<TextRecord>;
}

/** A table of texts, or what there is instead that is known and not read. */
export type KnownTable =
  | { readonly table: TextTable; readonly unread?: undefined }
  | { readonly table?: undefined; readonly unread: RecognisedLayout };
