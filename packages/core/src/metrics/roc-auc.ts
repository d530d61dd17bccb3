import type { Resampled } from './resampling.ts';

/**
 * Area under the ROC curve: how likely a positive sample scores above a negative one, where a tie
 * counts half (the Mann-Whitney statistic with mid-ranks). NaN without a sample of either kind.
 * `score(i)` and `positive(i)` describe sample i; the order is found once for any number of resamples.
 */
export function rocAuc(samples: number, score: (i: number) => number, positive: (i: number) => boolean): Resampled {
  const scores = Float64Array.from({ length: samples }, (_, i) => score(i));
  const order = Uint32Array.from({ length: samples }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  const isPositive = Uint8Array.from(order, (i) => (positive(i) ? 1 : 0));
  const tiesWithNext = Uint8Array.from(order, (i, at) =>
    at + 1 < samples && scores[order[at + 1]!] === scores[i] ? 1 : 0,
  );
  return tiesWithNext.includes(1) ? tied(order, isPositive, tiesWithNext) : untied(order, isPositive);
}

/** Every sample has a score of its own. Without a branch that depends on the data, as this is most of what an interval takes. */
function untied(order: Uint32Array, isPositive: Uint8Array): Resampled {
  const mask = Int32Array.from(isPositive, (positive) => -positive);
  return (counts) => {
    let below = 0;
    let positives = 0;
    let above = 0;
    for (let at = 0; at < order.length; at++) {
      const count = counts[order[at]!]!;
      const positive = count & mask[at]!;
      above += positive * below;
      positives += positive;
      below += count - positive;
    }
    return above / (positives * below);
  };
}

function tied(order: Uint32Array, isPositive: Uint8Array, tiesWithNext: Uint8Array): Resampled {
  return (counts) => {
    let below = 0;
    let positives = 0;
    let above = 0;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (let at = 0; at < order.length; at++) {
      const count = counts[order[at]!]!;
      if (isPositive[at]) tiedPositives += count;
      else tiedNegatives += count;
      if (tiesWithNext[at]) continue;
      above += tiedPositives * (below + tiedNegatives / 2);
      positives += tiedPositives;
      below += tiedNegatives;
      tiedPositives = 0;
      tiedNegatives = 0;
    }
    return above / (positives * below);
  };
}

/** Mean over those of several numbers that have a value; NaN where none has. */
export function meanOf(numbers: readonly Resampled[]): Resampled {
  return (counts) => {
    const values = numbers.map((number) => number(counts)).filter((value) => !Number.isNaN(value));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };
}
