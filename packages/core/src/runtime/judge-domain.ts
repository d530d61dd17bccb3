import { HeadstartError } from '@headstart/artifacts/errors';
import { datasetOf } from '../domains/splits.ts';
import type { TargetDomain } from '../domains/target-domain.ts';
import { withoutTruth } from '../domains/unlabelled.ts';
import type { WithDefaults } from '../options/transfer-options.ts';
import type { TransferRequest } from '../runs/request.ts';
import type { Task } from '../tasks/task.ts';
import type { JudgeDomain } from '../training/transfer.ts';
import { samplesToJudge } from './judged-samples.ts';
import type { PlanServices } from './learned-data.ts';

/**
 * The labelled samples of the test domain that epochs of an adaptation are judged on, where some are given: the test split where their data
 * assign splits or are the labelled ones, else all of them.
 * @throws HeadstartError `invalid-option` where nothing adapts, `not-supported` for a task without classes, those of reading
 */
export async function judgeDomain(
  services: PlanServices,
  { judge, skipBad, readerOptions, split, seed, shots, clean }: WithDefaults<TransferRequest>,
  { task, target }: { readonly task: Task; readonly target: TargetDomain },
): Promise<JudgeDomain | undefined> {
  if (judge === undefined) return undefined;
  if (!target.unlabelled) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The epochs of an adaptation are judged on ${judge}, and nothing is adapted to.`,
      hint: 'Give samples to adapt to with --adapt, or leave out --judge: headstart evaluate judges the model.',
    });
  }
  if (task.weighsClasses !== 'one') {
    throw new HeadstartError({
      code: 'not-supported',
      message: `Epochs are judged by the share of right classes; the task "${task.id}" has no one class per sample.`,
      hint: 'Leave out --judge: headstart evaluate judges the model.',
    });
  }
  const { labels, fingerprint, labelled = fingerprint } = target;
  const trained = { labels, fingerprint: labelled, split, seed, shots, clean };
  const { data, samples } = await samplesToJudge(services, task, trained, { target: judge, skipBad, readerOptions });
  const each = Array.from({ length: samples.length }, (_, i) => samples.get(i));
  return {
    id: data.id,
    samples: datasetOf(each.map(withoutTruth)),
    truth: Int32Array.from(each, ({ label }) => label ?? -1),
  };
}
