/** One row of a table, before its columns have a meaning. */
export interface TextRecord {
  /** Line of the file, or row of the table where the format has no lines; from 1. */
  readonly line: number;
  /** One a column; undefined where the row has none. */
  readonly values: readonly unknown[];
  /** Why the row cannot be read, as the end of a sentence. */
  readonly fault?: string;
}

/** A table that can be read row by row, as often as needed. */
export interface TextTable {
  readonly columns: readonly string[];
  /** What `line` counts. */
  readonly unit: 'line' | 'row';
  records(): AsyncGenerator<TextRecord>;
}

/** The first rows, for a look. */
export async function firstRecords(table: TextTable, count: number): Promise<TextRecord[]> {
  const first: TextRecord[] = [];
  for await (const record of table.records()) {
    first.push(record);
    if (first.length === count) break;
  }
  return first;
}
