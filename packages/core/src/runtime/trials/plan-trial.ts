import { HeadstartError } from '@headstart/artifacts/errors';
import type { TrialRequest } from '../../runs/trial.ts';
import type { Transfer } from '../../training/transfer.ts';
import { samplesToJudge, type JudgedSamples, type TrainedOn } from '../judged-samples.ts';
import type { PlanServices } from '../learned-data.ts';
import { planTransfer, type PlannedTransfer } from '../plan-transfer.ts';

/** A trial that has become a transfer, with what its model is judged on. */
export interface PlannedTrial {
  readonly planned: PlannedTransfer;
  /** In the order of the trial's tests. */
  readonly tests: readonly Pick<JudgedSamples, 'samples' | 'split'>[];
}

/**
 * Plans the transfer, and reads what it is judged on.
 * @throws HeadstartError as `planTransfer` and `samplesToJudge` do; `invalid-option` for a trial without a test
 */
export async function planTrial(services: PlanServices, { transfer, tests }: TrialRequest): Promise<PlannedTrial> {
  if (tests.length === 0) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: 'A trial is judged on nothing: it has no test domain.',
      hint: 'Name one at least.',
    });
  }
  const planned = await planTransfer(services, transfer);
  const trained = trainedOn(planned.transfer);
  const judged: JudgedSamples[] = [];
  for (const test of tests) judged.push(await samplesToJudge(services, planned.transfer.task, trained, test));
  return { planned, tests: judged };
}

function trainedOn({ target, split, seed, shots, clean, groupColumn, groupBy }: Transfer): TrainedOn {
  const { labels, fingerprint, labelled = fingerprint } = target;
  return { labels, fingerprint: labelled, split, seed, shots, clean, groupColumn, groupBy };
}
