import { logGamma } from '../statistics/special-functions.ts';

/**
 * How much two divisions of the same samples say of one another: their mutual information less what divisions of these sizes
 * have by chance, over the mean of their entropies less the same; 1 for equal divisions, 0 for unrelated ones (Vinh, Epps and
 * Bailey, 2010, "Information theoretic measures for clusterings comparison").
 *
 * @param a the part that each sample is in, from 0 @param b likewise
 */
export function adjustedMutualInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [ofA, ofB] = [sizes(a), sizes(b)];
  const together = new Map<string, number>();
  for (let i = 0; i < a.length; i++) {
    const key = `${a[i]!} ${b[i]!}`;
    together.set(key, (together.get(key) ?? 0) + 1);
  }
  const count = a.length;
  let mutual = 0;
  for (const [key, shared] of together) {
    const [x, y] = key.split(' ').map(Number) as [number, number];
    mutual += (shared / count) * Math.log((count * shared) / (ofA.get(x)! * ofB.get(y)!));
  }
  const chance = expected([...ofA.values()], [...ofB.values()], count);
  const whole = (entropy(ofA, count) + entropy(ofB, count)) / 2 - chance;
  // Divisions into one part, or into single samples, leave no room above chance.
  return Math.abs(whole) < 1e-12 ? (ofA.size === ofB.size ? 1 : 0) : (mutual - chance) / whole;
}

function sizes(parts: ArrayLike<number>): Map<number, number> {
  const found = new Map<number, number>();
  for (let i = 0; i < parts.length; i++) found.set(parts[i]!, (found.get(parts[i]!) ?? 0) + 1);
  return found;
}

function entropy(parts: ReadonlyMap<number, number>, count: number): number {
  return [...parts.values()].reduce((sum, size) => sum - (size / count) * Math.log(size / count), 0);
}

/** The mean mutual information of divisions into parts of these sizes, each pair of parts by the hypergeometric distribution. */
function expected(as: readonly number[], bs: readonly number[], count: number): number {
  const factorial = (n: number) => logGamma(n + 1);
  let sum = 0;
  for (const a of as)
    for (const b of bs)
      for (let shared = Math.max(1, a + b - count); shared <= Math.min(a, b); shared++) {
        const ways =
          factorial(a) +
          factorial(b) +
          factorial(count - a) +
          factorial(count - b) -
          factorial(count) -
          factorial(shared) -
          factorial(a - shared) -
          factorial(b - shared) -
          factorial(count - a - b + shared);
        sum += (shared / count) * Math.log((count * shared) / (a * b)) * Math.exp(ways);
      }
  return sum;
}
