/** A list of values, column by column: `unpackColumn` gives it back. */
export type Column =
  /** Numbers, true, false, null, and texts that hardly repeat. */
  | { readonly v: readonly unknown[] }
  /** Each distinct value once, and which of them stands where. */
  | { readonly d: Column; readonly i: readonly number[] }
  /** Lists: how long each is, and all their elements. */
  | { readonly l: readonly number[]; readonly c: Column }
  /** Objects of `n` rows: each key's column, with the rows that have the key where not all do. */
  | { readonly n: number; readonly o: readonly (readonly [key: string, column: Column, rows?: readonly number[]])[] };

/** A list of plain JSON values, stored by columns in which what repeats stands once: a fraction of its JSON. */
export function packColumn(values: readonly unknown[]): Column {
  if (
    values.every((value) => typeof value !== 'object' || value === null) &&
    !values.some((v) => typeof v === 'string')
  )
    return { v: values };
  const texts = values.map((value) => JSON.stringify(value));
  const places = new Map<string, number>();
  for (const text of texts) if (!places.has(text)) places.set(text, places.size);
  if (2 * places.size <= values.length) {
    const distinct = [...places.keys()].map((text) => JSON.parse(text) as unknown);
    return { d: packColumn(distinct), i: texts.map((text) => places.get(text)!) };
  }
  if (values.every(Array.isArray)) return { l: values.map(({ length }) => length), c: packColumn(values.flat()) };
  return values.every(isObject) ? packObjects(values) : { v: values };
}

function packObjects(rows: readonly Readonly<Record<string, unknown>>[]): Column {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    n: rows.length,
    o: keys.map((key) => {
      const having = rows.flatMap((row, i) => (Object.hasOwn(row, key) && row[key] !== undefined ? [i] : []));
      const column = packColumn(having.map((i) => rows[i]![key]));
      return having.length < rows.length ? [key, column, having] : [key, column];
    }),
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What `packColumn` was given. Equal values may be one object. */
export function unpackColumn(column: Column): unknown[] {
  if ('v' in column) return [...column.v];
  if ('d' in column) {
    const distinct = unpackColumn(column.d);
    return column.i.map((i) => distinct[i]);
  }
  if ('l' in column) {
    const all = unpackColumn(column.c);
    let from = 0;
    return column.l.map((length) => all.slice(from, (from += length)));
  }
  const rows: Record<string, unknown>[] = Array.from({ length: column.n }, () => ({}));
  for (const [key, values, having] of column.o)
    unpackColumn(values).forEach((value, i) => define(rows[having ? having[i]! : i]!, key, value));
  return rows;
}

/** A key may be called `__proto__`. */
function define(row: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(row, key, { value, enumerable: true, writable: true, configurable: true });
  else row[key] = value;
}
