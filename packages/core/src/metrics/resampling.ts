import { addRow, drawnSamples, resamplesOf, type Resamples } from './resamples.ts';

/** A number of a split in which sample i counts `counts[i]` times; NaN where it has none. */
export interface Resampled {
  (counts: Int32Array): number;
  /** Set where it is a share: so many of so many samples, whose interval is that of a proportion. */
  readonly share?: { readonly hits: number; readonly of: number };
  /** The number of each of many draws, where that takes less than one draw after another. */
  readonly ofDraws?: (resamples: Resamples) => Float64Array;
}

/** A number that is computed of many draws side by side. */
export function resampledTogether(ofDraws: (resamples: Resamples) => Float64Array): Resampled {
  const ofOne = (counts: Int32Array) => ofDraws({ samples: counts.length, draws: 1, counts })[0]!;
  return Object.assign(ofOne, { ofDraws });
}

/** The number of each draw. */
export function valuesOf(number: Resampled, resamples: Resamples): Float64Array {
  if (number.ofDraws) return number.ofDraws(resamples);
  const { samples, draws, counts } = resamples;
  const own = new Int32Array(samples);
  const values = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw++) {
    for (let i = 0; i < samples; i++) own[i] = counts[i * draws + draw]!;
    values[draw] = number(own);
  }
  return values;
}

/** Lower and upper end. */
export type Interval = readonly [low: number, high: number];

const RESAMPLES = 1000;
/** Of every interval in a report. */
export const CONFIDENCE_LEVEL = 0.95;

/**
 * Confidence intervals of numbers over the same samples by the percentile bootstrap (Efron, 1979):
 * the samples are drawn with replacement a thousand times, by a seed of their own, and the interval
 * holds the middle 95 % (`level`) of each number's values. Draws in which a number has no value (the ROC-AUC of one class)
 * are left out of it; where they are more than half, or with fewer than two samples, it has no interval.
 */
export function bootstrapIntervals<Name extends string>(
  samples: number,
  numbers: Readonly<Record<Name, Resampled>>,
  resamples = RESAMPLES,
  level = CONFIDENCE_LEVEL,
): Partial<Record<Name, Interval>> {
  const names = Object.keys(numbers) as Name[];
  if (samples < 2 || names.length === 0) return {};
  const all = names.map(() => new Float64Array(resamples));
  let drawn = 0;
  for (const block of resamplesOf(samples, resamples)) {
    names.forEach((name, i) => all[i]!.set(valuesOf(numbers[name], block), drawn));
    drawn += block.draws;
  }
  const intervals: Partial<Record<Name, Interval>> = {};
  for (const [i, name] of names.entries()) {
    // NaN is sorted behind all numbers.
    const sorted = all[i]!.sort();
    const valid = sorted.subarray(0, firstNaN(sorted));
    if (2 * valid.length < resamples) continue;
    intervals[name] = [sampleQuantile(valid, (1 - level) / 2), sampleQuantile(valid, (1 + level) / 2)];
  }
  return intervals;
}

function firstNaN(sorted: Float64Array): number {
  let end = sorted.length;
  while (end > 0 && Number.isNaN(sorted[end - 1]!)) end--;
  return end;
}

/** The value below which a share of the values lies, linear between the two nearest (NumPy's default). */
export function sampleQuantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

/** The mean of one number per sample. */
export function resampledMean(perSample: ArrayLike<number>): Resampled {
  return resampledTogether((resamples) => {
    const { samples, draws, counts } = resamples;
    const means = new Float64Array(draws);
    for (let i = 0; i < samples; i++) {
      const value = perSample[i]!;
      for (let d = 0, at = i * draws; d < draws; d++, at++) means[d]! += counts[at]! * value;
    }
    return divide(means, drawnSamples(resamples));
  });
}

/** Divides each number by its divisor, in place. */
export function divide(values: Float64Array, by: Float64Array): Float64Array {
  for (let d = 0; d < values.length; d++) values[d]! /= by[d]!;
  return values;
}

/**
 * The share of samples that something holds of: 1 for each that it does, else 0.
 * @param among 1 for each sample that is counted at all; every one where absent
 */
export function resampledShare(hits: ArrayLike<number>, among?: ArrayLike<number>): Resampled {
  const counted = (i: number) => among?.[i] ?? 1;
  const number = resampledTogether(({ samples, draws, counts }) => {
    const found = new Float64Array(draws);
    const of = new Float64Array(draws);
    for (let i = 0; i < samples; i++) {
      if (!counted(i)) continue;
      addRow(of, 0, counts, i * draws, draws);
      if (hits[i]) addRow(found, 0, counts, i * draws, draws);
    }
    return divide(found, of);
  });
  const share = { hits: 0, of: 0 };
  for (let i = 0; i < hits.length; i++) {
    share.of += counted(i);
    share.hits += hits[i]! * counted(i);
  }
  return Object.assign(number, { share });
}
