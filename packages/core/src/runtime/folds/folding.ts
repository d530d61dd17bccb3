import { HeadstartError } from '@headstart/artifacts/errors';
import { crossValidationKinds, type CrossValidationOptions } from '../../runs/cross-validation.ts';
import type { TransferRequest } from '../../runs/request.ts';
import { checkOptions } from '../check-options.ts';
import { checkRequest } from '../check-request.ts';
import type { PlannedTransfer } from '../plan-transfer.ts';

/** How often samples are dealt out, and to how many folds. */
export interface Folding {
  readonly folds: number;
  readonly repeats: number;
}

/**
 * @throws HeadstartError `invalid-option` for options that there are not, for numbers out of bounds, and for options of the
 * transfer that fix what is trained on or need a validation split
 */
export function checkedFolding(request: TransferRequest, asked: CrossValidationOptions): Folding {
  checkRequest(request);
  checkOptions('crossValidate', crossValidationKinds, asked);
  const { folds, repeats = 1 } = asked;
  if ((folds as number | undefined) === undefined)
    throw invalid('crossValidate is not told how many folds to make.', 'Five folds are usual: { folds: 5 }.');
  const fixed = (['split', 'shots'] as const).find((name) => request[name] !== undefined);
  if (fixed !== undefined)
    throw invalid(
      `Folds decide what is trained on and judged, and so does the option "${fixed}".`,
      `Leave out --${fixed}, or --folds.`,
    );
  const { calibrate, tuneThresholds } = request;
  if (calibrate === 'temperature') throw withoutValidation('A temperature is fitted', '--calibrate temperature');
  if (tuneThresholds) throw withoutValidation('Thresholds are tuned', '--tune-thresholds');
  return { folds, repeats };
}

function withoutValidation(what: string, flag: string): HeadstartError {
  return invalid(
    `${what} on the validation split, and folds leave none: every sample is trained on in the end.`,
    `Leave out ${flag}, or --folds.`,
  );
}

/** @throws HeadstartError `invalid-option` where the data bring splits of their own, which folds would pass over */
export function checkUnsplit({ transfer: { target } }: PlannedTransfer): void {
  const { validation, test } = target.splits;
  const own = [test.length > 0 && 'test', validation.length > 0 && 'validation'].filter((name) => name !== false);
  if (own.length === 0) return;
  throw invalid(
    `${target.id} brings a ${own.join(' and a ')} split of its own, which folds would mix with what is trained on.`,
    'Leave out --folds, so that the model is judged on that split; or name the part to train on alone.',
  );
}

function invalid(message: string, hint: string): HeadstartError {
  return new HeadstartError({ code: 'invalid-option', message, hint });
}
