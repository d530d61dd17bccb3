import type { Sample } from '../domains/target-domain.ts';
import type { Phase } from '../strategies/strategy.ts';
import { needsOf } from './loss-needs.ts';
import type { Transfer } from './transfer.ts';
import { keepsUnseenClasses, UNSEEN_CLASSES } from './unseen-classes.ts';

/** Why the validation split does not choose among the epochs of an adaptation, a clause. */
export const OTHER_DOMAIN = 'the validation split is of the labelled domain, the phase adapts to another';

/**
 * Why a phase keeps its last epoch whatever the validation split says, a clause: that split shows nothing of what the phase
 * is to be good at. Undefined where epochs are chosen by it.
 */
export function whyLast<S extends Sample>(transfer: Transfer<S>, phase: Phase): string | undefined {
  if (keepsUnseenClasses(transfer)) return UNSEEN_CLASSES;
  if (needsOf([phase]).unlabelled) return OTHER_DOMAIN;
  return undefined;
}
