import { everyLabelOf } from '../domains/labels-of.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { Transfer } from './transfer.ts';

/** Why epochs are not told apart where that is so: a clause. */
export const UNSEEN_CLASSES = 'the validation split shows nothing of the classes that are kept';

/**
 * Whether classes of the source are kept of which the validation split shows nothing: its metrics then say how well the new
 * ones are told apart, and not what is forgotten, so that epochs are not chosen by them.
 */
export function keepsUnseenClasses<S extends Sample>({ retainedClasses = [], target }: Transfer<S>): boolean {
  if (retainedClasses.length === 0) return false;
  const { validation } = target.splits;
  const seen = new Set<number>();
  for (let i = 0; i < validation.length; i++) for (const label of everyLabelOf(validation.get(i))) seen.add(label);
  return retainedClasses.some((label) => !seen.has(label));
}
