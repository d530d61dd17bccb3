import { resamplesOf } from './resamples.ts';

/** A number of a split in which sample i counts `counts[i]` times; NaN where it has none. */
export interface Resampled {
  (counts: Int32Array): number;
  /** Set where it is a share: so many of so many samples, whose interval is that of a proportion. */
  readonly share?: { readonly hits: number; readonly of: number };
  /** For a number that follows from what others follow from as well: that, which is then computed once per resample. */
  readonly steps?: { readonly totals: (counts: Int32Array) => unknown; readonly number: (totals: never) => number };
}

/** A number that follows from totals of the resample. @param totals one function for all numbers that are to share them */
export function resampledFrom<Totals>(
  totals: (counts: Int32Array) => Totals,
  number: (totals: Totals) => number,
): Resampled {
  return Object.assign((counts: Int32Array) => number(totals(counts)), { steps: { totals, number } });
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
  const values = new Map(names.map((name): [Name, number[]] => [name, []]));
  const totals = new Set(names.flatMap((name) => numbers[name].steps?.totals ?? []));
  for (const counts of resamplesOf(samples, resamples)) {
    const found = new Map<unknown, unknown>();
    for (const each of totals) found.set(each, each(counts));
    for (const name of names) {
      const { steps } = numbers[name];
      const value = steps ? steps.number(found.get(steps.totals) as never) : numbers[name](counts);
      if (!Number.isNaN(value)) values.get(name)!.push(value);
    }
  }
  const intervals: Partial<Record<Name, Interval>> = {};
  for (const [name, found] of values) {
    if (2 * found.length < resamples) continue;
    const sorted = Float64Array.from(found).sort();
    intervals[name] = [sampleQuantile(sorted, (1 - level) / 2), sampleQuantile(sorted, (1 + level) / 2)];
  }
  return intervals;
}

/** The value below which a share of the values lies, linear between the two nearest (NumPy's default). */
export function sampleQuantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

/** Each sample once. */
export function onceEach(samples: number): Int32Array {
  return new Int32Array(samples).fill(1);
}

/** The mean of one number per sample. */
export function resampledMean(perSample: ArrayLike<number>): Resampled {
  return (counts) => {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < counts.length; i++) {
      sum += counts[i]! * perSample[i]!;
      total += counts[i]!;
    }
    return sum / total;
  };
}

/**
 * The share of samples that something holds of: 1 for each that it does, else 0.
 * @param among 1 for each sample that is counted at all; every one where absent
 */
export function resampledShare(hits: ArrayLike<number>, among?: ArrayLike<number>): Resampled {
  const counted = (i: number) => among?.[i] ?? 1;
  const number = (counts: Int32Array) => {
    let found = 0;
    let of = 0;
    for (let i = 0; i < counts.length; i++) {
      const count = counts[i]! * counted(i);
      of += count;
      found += count * hits[i]!;
    }
    return found / of;
  };
  const share = { hits: 0, of: 0 };
  for (let i = 0; i < hits.length; i++) {
    share.of += counted(i);
    share.hits += hits[i]! * counted(i);
  }
  return Object.assign(number, { share });
}
