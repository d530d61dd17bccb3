import type { Verdict } from '../../statistics/verdict.ts';
import { matches } from '../filter.ts';
import type { Shown } from './shown.ts';

/** The verdicts on cells that were chosen: those of a strategy are all in which it is compared. */
export function shownVerdicts({ data, filter: { strategy, ...place } }: Shown): readonly Verdict[] {
  return data.verdicts.filter(
    ({ a, b, at }) =>
      matches({ ...at, strategy: a }, place) && (strategy === undefined || a === strategy || b === strategy),
  );
}
