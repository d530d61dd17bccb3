import { HeadstartError } from '@headstart/artifacts/errors';
import type { TargetData } from '../domains/target-domain.ts';

/** How many samples a message names. */
const NAMED = 3;

/** @throws HeadstartError `label-invalid` for data of which some samples bear no label */
export function checkLabelled({ id, samples, unlabelled = [] }: TargetData): void {
  if (unlabelled.length === 0) return;
  const named = unlabelled.slice(0, NAMED).map(({ id: sample, reason }) => `${sample} (${reason})`);
  const others = unlabelled.length > NAMED ? ', …' : '';
  throw new HeadstartError({
    code: 'label-invalid',
    message: `${id}: ${unlabelled.length} of ${samples.length + unlabelled.length} samples have no label: ${named.join(', ')}${others}.`,
    hint: 'Label them, or leave them out with --clean missing-labels.',
  });
}
