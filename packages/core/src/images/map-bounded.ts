/**
 * Maps items with at most `limit` calls under way. Results are in input order. After a failure no
 * further call starts; the failure of the earliest item is thrown, so that the error is the same
 * whatever finishes first.
 */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  call: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const failures: { index: number; cause: unknown }[] = [];
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await call(items[index]!, index);
      } catch (cause) {
        failures.push({ index, cause });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  const [first] = failures.sort((a, b) => a.index - b.index);
  if (first) throw first.cause;
  return results;
}
