import type { Sample } from '../domains/target-domain.ts';
import { DEFAULT_SELECTION } from '../options/criteria.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { Monitor } from './epoch-choice.ts';
import { needsOf } from './loss-needs.ts';
import type { Transfer } from './transfer.ts';
import { criterionCount } from './unlabelled-criteria.ts';
import { keepsUnseenClasses, UNSEEN_CLASSES } from './unseen-classes.ts';

/** Why the validation split does not choose among the epochs of an adaptation, a clause. */
export const OTHER_DOMAIN = 'the validation split is of the labelled domain, the phase adapts to another';

/** Why it does not where nothing is labelled, a clause. */
const NOTHING_LABELLED = 'there is no labelled sample to choose by';

/** What tells a phase's epochs apart. */
export interface EpochRule {
  /** Why the last epoch is kept whatever is measured, a clause; absent where epochs are chosen. */
  readonly last?: string;
  readonly monitor: Monitor;
  /** Which numbers of an epoch hold the monitored one. */
  readonly of: 'validation' | 'unlabelled';
  /** How many samples they are of. */
  readonly samples: number;
}

/**
 * How a phase's epochs are told apart: by the validation split, unless it shows nothing of what the phase is to be good at; by
 * unlabelled samples where the transfer names a criterion of them.
 */
export function epochRule<S extends Sample>(transfer: Transfer<S>, phase: Phase): EpochRule {
  const { task, target, select = DEFAULT_SELECTION } = transfer;
  const ofValidation = { monitor: task.monitor, of: 'validation', samples: target.splits.validation.length } as const;
  if (keepsUnseenClasses(transfer)) return { ...ofValidation, last: UNSEEN_CLASSES };
  if (!needsOf([phase]).unlabelled || select === 'source-validation') return ofValidation;
  const alone = target.splits.train.length === 0;
  if (select === 'last') return { ...ofValidation, last: alone ? NOTHING_LABELLED : OTHER_DOMAIN };
  return { monitor: { metric: select, mode: 'max' }, of: 'unlabelled', samples: criterionCount(target) };
}
