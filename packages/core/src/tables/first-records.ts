/** The first rows of a table, for a look. @throws HeadstartError as `DataTable.records` */
export function firstRecords<R>(table: { records(): AsyncIterable<R> }, count: number): Promise<R[]> {
  return firstOf(table.records(), count);
}

/** The first of what a generator gives; the rest is not asked for. */
export async function firstOf<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const first: T[] = [];
  for await (const item of items) {
    first.push(item);
    if (first.length === count) break;
  }
  return first;
}
