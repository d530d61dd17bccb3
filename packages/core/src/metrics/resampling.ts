import { RandomStream } from '../random/random-stream.ts';

/** A number of a split in which sample i counts `counts[i]` times; NaN where it has none. */
export type Resampled = (counts: Int32Array) => number;

/** Lower and upper end. */
export type Interval = readonly [low: number, high: number];

const RESAMPLES = 1000;
const LEVEL = 0.95;

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
  level = LEVEL,
): Partial<Record<Name, Interval>> {
  const names = Object.keys(numbers) as Name[];
  if (samples < 2 || names.length === 0) return {};
  const random = new RandomStream('bootstrap');
  const values = new Map(names.map((name): [Name, number[]] => [name, []]));
  const counts = new Int32Array(samples);
  for (let round = 0; round < resamples; round++) {
    counts.fill(0);
    for (let i = 0; i < samples; i++) counts[random.int(samples)]!++;
    for (const name of names) {
      const value = numbers[name](counts);
      if (!Number.isNaN(value)) values.get(name)!.push(value);
    }
  }
  const intervals: Partial<Record<Name, Interval>> = {};
  for (const [name, found] of values) {
    if (2 * found.length < resamples) continue;
    const sorted = Float64Array.from(found).sort();
    intervals[name] = [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
  }
  return intervals;
}

/** Linear between the two nearest values (NumPy's default). */
function quantile(sorted: Float64Array, share: number): number {
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
