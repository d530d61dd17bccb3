/** A record by the names of its columns. */
export type Fields = Readonly<Record<string, unknown>>;

/** A row of the plain table that a tool's record stands for. */
export interface PlainRow {
  readonly values: Fields;
  /** Why the record is not to be learned from, in the plural: "answers that reject". */
  readonly leftOut?: string;
  /** Why it has no label, where its label is missing. */
  readonly unlabelled?: string;
}

/** Records of a tool, seen as a plain table. */
export interface PlainView {
  /** Such as `Label Studio`. */
  readonly layout: string;
  readonly columns: readonly string[];
  /** The columns that hold labels, where the layout says which ones they are: one of them is read. */
  readonly labels?: readonly string[];
  /** The column of texts, where the layout says which one it is. */
  readonly text?: string;
  /** The rows of a record: one, where the layout does not list several texts in it. */
  readonly rows: (record: Fields) => readonly PlainRow[];
}

/** A layout of records that some tool exports. */
export interface RecordLayout {
  /** How its records are seen as a plain table; undefined where the first records of a table are not of this layout. */
  readonly view: (columns: readonly string[], first: readonly Fields[]) => PlainView | undefined;
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects in a list; none where a value is no list. */
export function objectsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

/** Whether a column holds, wherever it holds something, what is asked for, and does so at least once. */
export function holds(first: readonly Fields[], column: string, fits: (value: unknown) => boolean): boolean {
  const there = first.map((record) => record[column]).filter((value) => value !== undefined && value !== null);
  return there.length > 0 && there.every(fits);
}

/** Names in the order in which they first come. */
export function namesIn(lists: Iterable<Iterable<string>>): string[] {
  const names = new Set<string>();
  for (const list of lists) for (const name of list) names.add(name);
  return [...names];
}
