import { bootstrapIntervals, resampledTogether, valuesOf, type Resampled } from '@headstart/core/metrics';
import { mcnemarP, normalCdf, tQuantile } from '@headstart/core/statistics';
import type { Verdict } from './verdict.ts';

/** What one cell says of each item of its test. */
export interface CellItems {
  /** Equal for the same items in the same order. */
  readonly key: string;
  readonly count: number;
  /** The compared number of resampled items; none where it cannot be computed so. */
  readonly resampled?: Resampled;
  /** How right each item is, 0 to 1. */
  readonly scores: ArrayLike<number>;
}

const RESAMPLES = 2000;

/**
 * What other test items of the same kind could have said of these trained models. All models of a comparison meet the same
 * resampled items, so what is hard for all of them cancels. The percentile interval is widened for few items (Hesterberg,
 * 2015, "What teachers should know about the bootstrap": by the t quantile and n / (n - 1)); BCa would measure every number once more per
 * item, for a skewness that the difference of two bounded means over the same items hardly has.
 * Undefined where the pairs were not tested on the same items, or on fewer than two.
 */
export function itemNoise(
  pairs: readonly { readonly a: CellItems; readonly b: CellItems }[],
  alpha: number,
): Verdict['items'] {
  const first = pairs[0]?.a;
  if (!first || first.count < 2 || pairs.some(({ a, b }) => a.key !== first.key || b.key !== first.key))
    return undefined;
  const { count } = first;
  const difference = meanDifference(pairs.map(({ a, b }) => [a.resampled ?? none, b.resampled ?? none]));
  const widened = normalCdf(Math.sqrt(count / (count - 1)) * tQuantile(1 - alpha / 2, count - 1));
  const interval = bootstrapIntervals(count, { difference }, RESAMPLES, 2 * widened - 1).difference;
  return interval && { interval, p: divided(pairs, count), count };
}

const none: Resampled = () => NaN;

function meanDifference(pairs: readonly (readonly [a: Resampled, b: Resampled])[]): Resampled {
  return resampledTogether((resamples) => {
    const sums = new Float64Array(resamples.draws);
    for (const [a, b] of pairs) {
      const [ofA, ofB] = [valuesOf(a, resamples), valuesOf(b, resamples)];
      for (let d = 0; d < sums.length; d++) sums[d] = sums[d]! + ofA[d]! - ofB[d]!;
    }
    return sums.map((sum) => sum / pairs.length);
  });
}

/** McNemar's p of the items that one method has right in more seeds than the other; null where items are right by degrees. */
function divided(pairs: readonly { readonly a: CellItems; readonly b: CellItems }[], count: number): number | null {
  let [forA, forB] = [0, 0];
  for (let i = 0; i < count; i++) {
    let lead = 0;
    for (const { a, b } of pairs) {
      if (!isCount(a.scores[i]!) || !isCount(b.scores[i]!)) return null;
      lead += a.scores[i]! - b.scores[i]!;
    }
    if (lead > 0) forA++;
    else if (lead < 0) forB++;
  }
  return mcnemarP(forA, forB);
}

function isCount(score: number): boolean {
  return score === 0 || score === 1;
}
