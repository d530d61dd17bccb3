import { onesAndZeros } from '@headstart/core/readers';
import type { FreeColumns } from './free-columns.ts';
import { mayBeSubject } from './column-names.ts';
import { constant, fewNumbers, repeating, withoutTimes } from './column-contents.ts';

/**
 * The column with a usual name of labels; undefined where there is none.
 * @throws HeadstartError `invalid-option` where several have one, or a rating beside it may as well be what is learned
 */
export function namedLabel(free: FreeColumns): readonly number[] | undefined {
  const found = free.named('label');
  const rivals = found.every((index) => mayBeSubject(free.table.columns[index]!)) ? ratings(free) : [];
  const label = free.takeOnly('label', found.length > 0 ? [...found, ...rivals] : []);
  return label === undefined ? undefined : [label];
}

/**
 * The columns of labels by what they hold: a rating of a few numbers, else all columns of ones and zeros, else the only
 * column whose values come back.
 * @param optional whether there may be none, as pairs and texts that are only predicted or adapted to need none
 * @throws HeadstartError `invalid-option` where that is not clear
 */
export function guessedLabel(free: FreeColumns, optional: boolean): readonly number[] | undefined {
  const rating = free.takeOnly('label', ratings(free));
  if (rating !== undefined) return [rating];
  const flags = free.table.header === false ? [] : onesAndZeros(free.all, free.rows);
  if (flags.length > 1) return flags;
  const scores = optional ? [] : free.named('score');
  if (scores.length > 0) {
    const score = free.names(scores.slice(0, 1));
    throw free.error(
      `has scores (${free.names(scores)}) and no column of labels`,
      `; label-column=${score} takes the scores as classes, as a score itself is learned from pairs of texts only`,
    );
  }
  const values = withoutTimes(free.all, free.rows);
  const alike = repeating(values, free.rows);
  // In a table that is sorted by its labels, the label is the same in all rows that are looked at.
  const rivals = free.partial ? constant(values, free.rows) : [];
  if (alike.length === 1 && rivals.length === 0) return alike;
  if (optional) return undefined;
  const several = [...alike, ...rivals];
  if (several.length > 1)
    throw free.error(`has no column of labels by name, and several whose values come back: ${free.names(several)}`);
  throw free.error('has no column of labels');
}

function ratings(free: FreeColumns): number[] {
  return fewNumbers(free.named('rating'), free.rows);
}
