import { normalCdf, overEstimatedSpread, tUpperQuantile } from '@headstart/core/statistics';

/** The chance of a decision that a number of seeds should give. */
export const POWER = 0.8;
/** More seeds than these are not proposed. */
export const MOST_SEEDS = 100;

/** What is supposed of seeds to come: the true mean difference and deviation are those observed. */
export interface Supposed {
  readonly difference: number;
  readonly deviation: number;
  /** Differences below it count as none. */
  readonly delta: number;
  /** Level at which one comparison is tested, after the correction in its family. */
  readonly alpha: number;
  /** Test over training samples, where splits are resampled; else 0. */
  readonly overlap: number;
}

/** The chance that the two-sided paired t test of n pairs finds the difference, in its direction. */
export function differencePower({ difference, deviation, alpha, overlap }: Supposed, pairs: number): number {
  const error = deviation * Math.sqrt(1 / pairs + overlap);
  const critical = tUpperQuantile(alpha / 2, pairs - 1);
  return overEstimatedSpread(pairs - 1, (s) => normalCdf(Math.abs(difference) / error - critical * s));
}

/** The chance that the two one-sided tests of n pairs show the difference to lie within delta. */
export function equivalencePower({ difference, deviation, delta, alpha, overlap }: Supposed, pairs: number): number {
  const error = deviation * Math.sqrt(1 / pairs + overlap);
  const critical = tUpperQuantile(alpha, pairs - 1);
  return overEstimatedSpread(pairs - 1, (s) =>
    Math.max(
      0,
      normalCdf((delta - difference) / error - critical * s) - normalCdf(critical * s - (delta + difference) / error),
    ),
  );
}

/**
 * The fewest seeds, more than there are, with which either a difference or equivalence is shown with probability 0.8, if the
 * true difference and deviation are those observed; undefined where a hundred do not suffice (where splits are resampled,
 * seeds without end may not).
 */
export function seedsNeeded(supposed: Supposed, pairs: number): number | undefined {
  const within = Math.abs(supposed.difference) < supposed.delta;
  const enough = (count: number) =>
    differencePower(supposed, count) >= POWER || (within && equivalencePower(supposed, count) >= POWER);
  let [low, high] = [pairs, MOST_SEEDS];
  if (low >= high || !enough(high)) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}
