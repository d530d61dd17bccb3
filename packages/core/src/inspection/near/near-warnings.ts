import type { DataWarning } from '../../domains/reading-notes.ts';
import type { Sample } from '../../domains/target-domain.ts';
import { NAMED, plural } from '../looked-at.ts';
import type { NearBetween } from './near-duplicates.ts';
import type { FoundByEmbeddings } from './near-embeddings.ts';

const LOOK = 'inspect shows them side by side with --page';
const APART = 'Leave one of each out, or keep what belongs together on one side with --group-column or --group-by';

/**
 * What near-duplicates mean: numbers that come out too good between splits, and less to learn from than it seems within one.
 * @param against what the data are held against, by its name
 */
export function nearWarnings(between: readonly NearBetween[], against?: string): DataWarning[] {
  return warningsOf(between, { code: 'near-duplicates', are: 'nearly the same as', judge: '' }, against);
}

/** The same of samples that a source's embeddings tell nothing between, which need not show the same. */
export function embeddedWarnings({ source, least, between }: FoundByEmbeddings, against?: string): DataWarning[] {
  const judge = ` to ${source} (cosine of embeddings ${least} or above)`;
  return warningsOf(between, { code: 'near-embeddings', are: 'hardly to be told from', judge }, against);
}

/** How a kind of nearness is spoken of. */
interface Words {
  readonly code: string;
  /** Completes "which are …". */
  readonly are: string;
  /** Who says so, where it is not the contents themselves. */
  readonly judge: string;
}

function warningsOf(
  between: readonly NearBetween[],
  { code, are, judge }: Words,
  against = 'the other data',
): DataWarning[] {
  const splits = between.filter(({ sides: [first, second] }) => first !== second && second !== 'against');
  const within = between.filter(({ sides: [first, second] }) => first === second && second !== 'against');
  const domains = between.filter(({ sides: [first, second] }) => first !== second && second === 'against');
  const alike = (samples: number) => `${samples === 1 ? 'is' : 'are'} ${are}`;
  return [
    ...warning(splits, code, {
      message: `${listed(splits, ({ samples, sides: [first, second] }) => `${plural(samples, 'sample')} of the ${second} split ${alike(samples)} one of ${first}`)}${judge}${example(splits)}: ${judge && 'where they show the same, '}the numbers measured there come out too good.`,
      hint: `${APART}; ${LOOK}.`,
    }),
    ...warning(domains, code, {
      message: `${listed(domains, ({ samples, copies, sides: [first] }) => `${plural(samples, 'sample')} of ${against} ${alike(samples)} one of the ${first} split${judge ? '' : ` (${copies.toLocaleString('en-US')} byte for byte)`}`)}${judge}${example(domains)}: ${judge && 'where they show the same, '}the two are not as apart as they are taken to be.`,
      hint: `Leave them out of one of the two; ${LOOK}.`,
    }),
    ...warning(within, code, {
      message: `${listed(within, ({ samples, sides: [first] }) => `${plural(samples, 'sample')} of the ${first} split ${alike(samples)} another one of it`)}${judge}${example(within)}.`,
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
