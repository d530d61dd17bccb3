import { addRow, type Resamples } from './resamples.ts';
import { divide, resampledTogether, valuesOf, type Resampled } from './resampling.ts';

/**
 * Area under the ROC curve: how likely a positive sample scores above a negative one, where a tie
 * counts half (the Mann-Whitney statistic with mid-ranks). NaN without a sample of either kind.
 * The order is found once for any number of resamples.
 * @param positive 1 for each positive sample, else 0
 */
export function rocAuc(scores: Float32Array, positive: Uint8Array): Resampled {
  const order = ascending(scores);
  const ends = endsOfTies(scores, order);
  return resampledTogether((resamples) => areaOf(resamples, order, ends, positive));
}

/** Places are packed below a score's 32 bits, in the 53 that a number holds exactly. */
const PLACES = 2 ** 21;
/** The bits of infinity: those of all numbers from 0 up to it are no larger. */
const INFINITY = 0x7f800000;

/** The places of the scores, the smallest first, equal ones in their order. */
function ascending(scores: Float32Array): Uint32Array {
  const places = new Uint32Array(scores.length);
  // Of numbers that are not negative, the bits are ordered as they are: they sort without a comparison in JavaScript.
  const bits = new Uint32Array(scores.slice().buffer);
  if (scores.length > PLACES || bits.some((each) => each > INFINITY))
    return places.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]! || a - b);
  const keys = new Float64Array(scores.length);
  for (let i = 0; i < keys.length; i++) keys[i] = bits[i]! * PLACES + i;
  keys.sort();
  for (let at = 0; at < keys.length; at++) places[at] = keys[at]! - Math.floor(keys[at]! / PLACES) * PLACES;
  return places;
}

/** For each place in the order, where the samples of its score end. */
function endsOfTies(scores: Float32Array, order: Uint32Array): Uint32Array {
  const ends = new Uint32Array(order.length);
  for (let at = order.length - 1; at >= 0; at--) {
    const tied = at + 1 < order.length && scores[order[at + 1]!] === scores[order[at]!];
    ends[at] = tied ? ends[at + 1]! : at + 1;
  }
  return ends;
}

function areaOf(
  { draws, counts }: Resamples,
  order: Uint32Array,
  ends: Uint32Array,
  positive: Uint8Array,
): Float64Array {
  const above = new Float64Array(draws);
  const positives = new Float64Array(draws);
  const below = new Float64Array(draws);
  for (let at = 0; at < order.length; at = ends[at]!) {
    const tied = ends[at]! - at > 1 ? new Float64Array(draws) : undefined;
    for (let place = at; place < ends[at]!; place++) {
      const own = order[place]!;
      if (!positive[own]) continue;
      addProducts(above, counts, own * draws, below);
      addRow(tied ?? positives, 0, counts, own * draws, draws);
    }
    for (let place = at; place < ends[at]!; place++) {
      const own = order[place]!;
      if (positive[own]) continue;
      if (tied) addProducts(above, counts, own * draws, tied, 0.5);
      addRow(below, 0, counts, own * draws, draws);
    }
    if (tied) for (let d = 0; d < draws; d++) positives[d]! += tied[d]!;
  }
  for (let d = 0; d < draws; d++) above[d]! /= positives[d]! * below[d]!;
  return above;
}

/** Adds to each sum the product of a count and a factor, `times` so often. */
function addProducts(sums: Float64Array, row: Int32Array, from: number, factors: Float64Array, times = 1): void {
  for (let d = 0; d < sums.length; d++) sums[d]! += times * row[from + d]! * factors[d]!;
}

/** Mean over those of several numbers that have a value; NaN where none has. */
export function meanOf(numbers: readonly Resampled[]): Resampled {
  return resampledTogether((resamples) => {
    const means = new Float64Array(resamples.draws);
    const valid = new Float64Array(resamples.draws);
    for (const number of numbers) {
      valuesOf(number, resamples).forEach((value, d) => {
        if (Number.isNaN(value)) return;
        means[d]! += value;
        valid[d]!++;
      });
    }
    return divide(means, valid);
  });
}
