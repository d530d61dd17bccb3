/**
 * Holm's step-down correction (1979) of the p values of one family, in their order: to call those below alpha different is
 * to be wrong anywhere in the family with probability alpha at most, however the tests depend on one another.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((i, j) => ps[i]! - ps[j]!);
  const corrected = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * ps[index]!));
    corrected[index] = largest;
  });
  return corrected;
}
