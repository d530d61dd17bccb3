import { HeadstartError } from '@headstart/artifacts/errors';
import { crossValidationKinds, type CrossValidationOptions } from '../../runs/cross-validation.ts';
import type { TransferRequest } from '../../runs/request.ts';
import type { PlannedTransfer } from '../plan-transfer.ts';

/** How often samples are dealt out, and to how many folds. */
export interface Folding {
  readonly folds: number;
  readonly repeats: number;
}

/** @throws HeadstartError `invalid-option` for numbers out of bounds, and for options that fix what is trained on */
export function checkedFolding(request: TransferRequest, { folds, repeats = 1 }: CrossValidationOptions): Folding {
  for (const [name, value] of Object.entries({ folds, repeats })) {
    const kind = crossValidationKinds[name as keyof Folding];
    if (kind.accepts(value)) continue;
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The option "${name}" cannot be ${value}: it must be ${kind.must}.`,
      hint: 'Five folds are usual: --folds 5.',
    });
  }
  const fixed = (['split', 'shots'] as const).find((name) => request[name] !== undefined);
  if (fixed === undefined) return { folds, repeats };
  throw new HeadstartError({
    code: 'invalid-option',
    message: `Folds decide what is trained on and judged, and so does the option "${fixed}".`,
    hint: `Leave out --${fixed}, or --folds.`,
  });
}

/** @throws HeadstartError `invalid-option` where the data bring splits of their own, which folds would pass over */
export function checkUnsplit({ transfer: { target } }: PlannedTransfer): void {
  const { validation, test } = target.splits;
  const own = [test.length > 0 && 'test', validation.length > 0 && 'validation'].filter((name) => name !== false);
  if (own.length === 0) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `${target.id} brings a ${own.join(' and a ')} split of its own, which folds would mix with what is trained on.`,
    hint: 'Leave out --folds, so that the model is judged on that split; or name the part to train on alone.',
  });
}
