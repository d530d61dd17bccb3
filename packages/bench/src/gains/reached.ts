/** What it took one seed to reach a score; `beyond` all that was run, or not more than the `least` that was run. */
export interface Reached {
  readonly value: number;
  readonly censored?: 'beyond' | 'least';
}

/** A point of a curve: its cost, and its score, higher is better. */
export type CurvePoint = readonly [cost: number, score: number];

/**
 * The cost at which a curve first reaches a score, linear in the logarithm of the cost between its points; points are taken in
 * the order of their cost.
 */
export function reachedBetween(curve: readonly CurvePoint[], score: number): Reached {
  const points = [...curve].sort(([a], [b]) => a - b);
  const at = points.findIndex(([, each]) => each >= score);
  if (at < 0) return { value: points.at(-1)![0], censored: 'beyond' };
  const [cost, there] = points[at]!;
  if (at === 0) return { value: cost, censored: 'least' };
  const [before, below] = points[at - 1]!;
  return { value: before * (cost / before) ** ((score - below) / (there - below)) };
}

/** The cost of the first point that reaches a score: of what comes in whole epochs. */
export function firstReached(curve: readonly CurvePoint[], score: number): Reached {
  const found = curve.find(([, each]) => each >= score);
  return found ? { value: found[0] } : { value: curve.at(-1)![0], censored: 'beyond' };
}
