import type { DataWarning } from '../../domains/reading-notes.ts';
import type { Sample } from '../../domains/target-domain.ts';
import { NAMED, plural } from '../looked-at.ts';
import type { NearBetween } from './near-duplicates.ts';

const LOOK = 'inspect shows them side by side with --page';
const APART = 'Leave one of each out, or keep what belongs together on one side with --group-column or --group-by';

/**
 * What near-duplicates mean: numbers that come out too good between splits, and less to learn from than it seems within one.
 * @param against what the data are held against, by its name
 */
export function nearWarnings(between: readonly NearBetween[], against = 'the other data'): DataWarning[] {
  const splits = between.filter(({ sides: [first, second] }) => first !== second && second !== 'against');
  const within = between.filter(({ sides: [first, second] }) => first === second && second !== 'against');
  const domains = between.filter(({ sides: [first, second] }) => first !== second && second === 'against');
  return [
    ...warning(splits, 'near-duplicates', {
      message: `${listed(splits, ({ samples, sides: [first, second] }) => `${plural(samples, 'sample')} of the ${second} split ${are(samples)} nearly the same as one of ${first}`)}${example(splits)}: the numbers measured there come out too good.`,
      hint: `${APART}; ${LOOK}.`,
    }),
    ...warning(domains, 'near-duplicates', {
      message: `${listed(domains, ({ samples, copies, sides: [first] }) => `${plural(samples, 'sample')} of ${against} ${are(samples)} nearly the same as one of the ${first} split (${copies.toLocaleString('en-US')} byte for byte)`)}${example(domains)}: the two are not as apart as they are taken to be.`,
      hint: `Leave them out of one of the two; ${LOOK}.`,
    }),
    ...warning(within, 'near-duplicates', {
      message: `${listed(within, ({ samples, sides: [first] }) => `${plural(samples, 'sample')} of the ${first} split ${samples === 1 ? 'is' : 'are'} nearly the same as another one of it`)}${example(within)}.`,
      hint: `Nothing is to be done where they are meant, as frames of a video are; ${LOOK}.`,
    }),
  ];
}

function warning(
  between: readonly NearBetween[],
  code: string,
  { message, hint }: Pick<DataWarning, 'message' | 'hint'>,
): DataWarning[] {
  if (between.length === 0) return [];
  const samples = between.flatMap(({ pairs }) =>
    pairs.slice(0, NAMED / 2).flatMap(({ first, second }) => [first.id, second.id]),
  );
  return [{ code, message, hint, samples: [...new Set(samples)].slice(0, NAMED) }];
}

const are = (count: number) => (count === 1 ? 'is' : 'are');

function listed(between: readonly NearBetween[], say: (each: NearBetween) => string): string {
  return between.map(say).join(', ');
}

function example([most]: readonly NearBetween[]): string {
  const [pair] = most?.pairs ?? [];
  return pair ? `, such as ${pair.second.id} and ${pair.first.id}` : '';
}

/** That pictures do not decode, as a training would find in the middle of an epoch. */
export function unreadableWarnings(unreadable: readonly Sample[]): DataWarning[] {
  if (unreadable.length === 0) return [];
  return [
    {
      code: 'unreadable-images',
      message: `${plural(unreadable.length, 'picture')} cannot be decoded: a training ends when it comes to ${unreadable.length === 1 ? 'it' : 'one of them'}.`,
      hint: 'Replace them, or leave them out with --skip-bad.',
      samples: unreadable.slice(0, NAMED).map(({ id }) => id),
    },
  ];
}
