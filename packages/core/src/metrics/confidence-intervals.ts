import { wilsonInterval } from '../statistics/counts.ts';
import { bootstrapIntervals, CONFIDENCE_LEVEL, type Interval, type Resampled } from './resampling.ts';

/**
 * 95 % confidence intervals of numbers over the same samples. A share of the samples has Wilson's, which says something of
 * six samples that are all right, too; all else is resampled (`bootstrapIntervals`). A number that is the same in every
 * resample, as everything is where all samples are right, has none: resampling cannot say how far it is known.
 */
export function confidenceIntervals<Name extends string>(
  samples: number,
  numbers: Readonly<Record<Name, Resampled>>,
): Partial<Record<Name, Interval>> {
  const resampled = Object.fromEntries(
    Object.entries<Resampled>(numbers).filter(([, { share }]) => !share),
  ) as Readonly<Record<Name, Resampled>>;
  const found = bootstrapIntervals(samples, resampled);
  const intervals: Partial<Record<Name, Interval>> = {};
  for (const name of Object.keys(numbers) as Name[]) {
    const { share } = numbers[name];
    const interval = share ? shareInterval(share) : found[name];
    if (interval && interval[0] < interval[1]) intervals[name] = interval;
  }
  return intervals;
}

function shareInterval({ hits, of }: NonNullable<Resampled['share']>): Interval | undefined {
  return of === 0 ? undefined : wilsonInterval(hits, of, CONFIDENCE_LEVEL);
}
