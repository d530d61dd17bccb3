import { onceEach } from './resamples.ts';
import type { Resampled } from './resampling.ts';

/** Pearson's product-moment correlation; NaN where either side is constant. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): Resampled {
  return (counts) => {
    let total = 0;
    let meanA = 0;
    let meanB = 0;
    for (let i = 0; i < counts.length; i++) {
      total += counts[i]!;
      meanA += counts[i]! * a[i]!;
      meanB += counts[i]! * b[i]!;
    }
    meanA /= total;
    meanB /= total;
    let both = 0;
    let squareA = 0;
    let squareB = 0;
    for (let i = 0; i < counts.length; i++) {
      const x = a[i]! - meanA;
      const y = b[i]! - meanB;
      both += counts[i]! * x * y;
      squareA += counts[i]! * x * x;
      squareB += counts[i]! * y * y;
    }
    return squareA > 0 && squareB > 0 ? both / Math.sqrt(squareA * squareB) : NaN;
  };
}

/** Spearman's rank correlation: Pearson's of the ranks, where ties share their mean rank. */
export function spearman(a: ArrayLike<number>, b: ArrayLike<number>): Resampled {
  const ranksOfA = resampledRanks(a);
  const ranksOfB = resampledRanks(b);
  return (counts) => pearson(ranksOfA(counts), ranksOfB(counts))(counts);
}

/** The mean rank of each sample, from 0, where sample i is there `counts[i]` times. */
function resampledRanks(values: ArrayLike<number>): (counts: Int32Array) => Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  return (counts) => {
    const result = new Float64Array(order.length);
    let before = 0;
    for (let start = 0; start < order.length; ) {
      let end = start;
      let tied = 0;
      for (; end < order.length && values[order[end]!] === values[order[start]!]; end++) tied += counts[order[end]!]!;
      for (; start < end; start++) result[order[start]!] = before + (tied - 1) / 2;
      before += tied;
    }
    return result;
  };
}

/** The mean rank of each sample, from 0: ties share theirs. */
export function ranks(values: ArrayLike<number>): Float64Array {
  return resampledRanks(values)(onceEach(values.length).counts);
}
