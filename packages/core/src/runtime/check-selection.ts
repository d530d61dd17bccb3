import { HeadstartError } from '@headstart/artifacts/errors';
import { choosesByValidation, SELECTIONS, UNLABELLED_CRITERIA, type Selection } from '../options/criteria.ts';
import type { TransferRequest } from '../runs/request.ts';
import type { LearnedData } from './learned-data.ts';

const ofPredictions = (select: Selection) => (UNLABELLED_CRITERIA as readonly Selection[]).includes(select);

/** @throws HeadstartError `invalid-option`, `not-supported` where nothing is predicted for unlabelled samples that a criterion could judge */
export function checkSelection(
  { select }: Pick<TransferRequest, 'select'>,
  { task: { id, weighsClasses }, target }: Pick<LearnedData, 'task' | 'target'>,
): void {
  if (select === undefined) return;
  if (!target.unlabelled) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `"${select}" chooses the epoch of a transfer that adapts to unlabelled samples, and there are none.`,
      hint: 'Give some with --adapt, or leave out --select: the validation split chooses.',
    });
  }
  if (choosesByValidation(select) && target.splits.validation.length === 0) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `"${select}" chooses the epoch by labelled validation samples, and there are none.`,
      hint: `Leave out --select, or give ${SELECTIONS.filter((each) => !choosesByValidation(each)).join(' or ')}.`,
    });
  }
  if (weighsClasses === 'one' || !ofPredictions(select)) return;
  throw new HeadstartError({
    code: 'not-supported',
    message: `"${select}" judges predictions of one class per sample; the task "${id}" has none.`,
    hint: `Leave out --select, or give ${SELECTIONS.filter((each) => !ofPredictions(each)).join(' or ')}.`,
  });
}
