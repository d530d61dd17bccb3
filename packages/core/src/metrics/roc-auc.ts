import type { Resampled } from './resampling.ts';

/**
 * Area under the ROC curve: how likely a positive sample scores above a negative one, where a tie
 * counts half (the Mann-Whitney statistic with mid-ranks). NaN without a sample of either kind.
 * `score(i)` and `positive(i)` describe sample i; the order is found once for any number of resamples.
 */
export function rocAuc(samples: number, score: (i: number) => number, positive: (i: number) => boolean): Resampled {
  const scores = new Float64Array(samples);
  for (let i = 0; i < samples; i++) scores[i] = score(i);
  const order = ascending(scores);
  const isPositive = new Uint8Array(samples);
  const tiesWithNext = new Uint8Array(samples);
  for (let at = 0; at < samples; at++) {
    isPositive[at] = positive(order[at]!) ? 1 : 0;
    tiesWithNext[at] = at + 1 < samples && scores[order[at + 1]!] === scores[order[at]!] ? 1 : 0;
  }
  return tiesWithNext.includes(1) ? tied(order, isPositive, tiesWithNext) : untied(order, isPositive);
}

/** Places are packed below a score's 32 bits, in the 53 that a number holds exactly. */
const PLACES = 2 ** 21;

/** The places of the scores, the smallest first, equal ones in their order. */
function ascending(scores: Float64Array): Uint32Array {
  const places = new Uint32Array(scores.length);
  const single = Float32Array.from(scores);
  const packs =
    scores.length <= PLACES &&
    scores.every((score, i) => Object.is(score, single[i]) && score >= 0 && !Object.is(score, -0));
  if (!packs) return places.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  // Of numbers that are not negative, the bits are ordered as they are: they sort without a comparison in JavaScript.
  const bits = new Uint32Array(single.buffer);
  const keys = new Float64Array(scores.length);
  for (let i = 0; i < keys.length; i++) keys[i] = bits[i]! * PLACES + i;
  keys.sort();
  for (let at = 0; at < keys.length; at++) places[at] = keys[at]! % PLACES;
  return places;
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
