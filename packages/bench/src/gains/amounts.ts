import { pairedInterval, pairedMean } from '@headstart/core/statistics';
import { FEWEST_SEEDS } from '../statistics/verdicts.ts';
import type { Amount } from './gain.ts';
import type { Reached } from './reached.ts';

/** The mean of a number per seed, with its interval. */
export function meanAmount(values: readonly number[], level: number): Amount {
  return {
    value: pairedMean(values).mean,
    interval: values.length < FEWEST_SEEDS ? null : pairedInterval(values, level),
  };
}

/** The geometric mean of what each seed needed; a bound of it where seeds did not reach the score, or had it from the start. */
export function reachedAmount(seeds: readonly Reached[], level: number): Amount {
  const beyond = seeds.some(({ censored }) => censored === 'beyond');
  const least = seeds.some(({ censored }) => censored === 'least');
  return bounded(
    seeds.map(({ value }) => value),
    level,
    { above: beyond, below: least },
  );
}

/** How many times fewer a needs than b, seed by seed. */
export function factorAmount(pairs: readonly { readonly a: Reached; readonly b: Reached }[], level: number): Amount {
  const some = (side: 'a' | 'b', censored: Reached['censored']) =>
    pairs.some((pair) => pair[side].censored === censored);
  return bounded(
    pairs.map(({ a, b }) => b.value / a.value),
    level,
    { above: some('b', 'beyond') || some('a', 'least'), below: some('b', 'least') || some('a', 'beyond') },
  );
}

/** `above`: some values are larger than they stand there; `below`: some are smaller. */
function bounded(
  values: readonly number[],
  level: number,
  { above, below }: { above: boolean; below: boolean },
): Amount {
  if (above && below) return { value: null, interval: null };
  const { value, interval } = meanAmount(
    values.map((each) => Math.log(each)),
    level,
  );
  const mean = Math.exp(value!);
  if (above || below) return { value: mean, interval: null, bound: above ? 'more-than' : 'at-most' };
  return { value: mean, interval: interval && [Math.exp(interval[0]), Math.exp(interval[1])] };
}
