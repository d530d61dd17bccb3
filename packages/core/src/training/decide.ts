import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../domains/target-domain.ts';
import { LABEL_THRESHOLD } from '../metrics/given-labels.ts';
import { bestThresholds } from '../metrics/label-thresholds.ts';
import type { Decision } from '../runs/answering.ts';
import type { DecisionRule } from '../tasks/decision-rule.ts';
import type { Run } from './run.ts';
import { judge } from './split-evaluation.ts';
import type { Transfer } from './transfer.ts';

/** @throws HeadstartError `not-supported`, `invalid-option` for a rule of answers that the task does not know, or that nothing tells */
export function checkDecision<S extends Sample>({ task, target, tuneThresholds, abstainBelow }: Transfer<S>): void {
  if (!tuneThresholds && abstainBelow === undefined) return;
  if (!task.deciding) {
    throw new HeadstartError({
      code: 'not-supported',
      message: `The task "${task.id}" takes neither thresholds of labels nor a probability to abstain below.`,
      hint: 'Leave out --tune-thresholds and --abstain-below.',
    });
  }
  if (abstainBelow !== undefined) task.deciding({ abstainBelow });
  if (!tuneThresholds) return;
  task.deciding({ thresholds: target.labels.map(() => LABEL_THRESHOLD) });
  if (target.splits.validation.length > 0) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: 'Thresholds are tuned on the validation split, and there is none.',
    hint: 'Give a share to it with --split, or leave out --tune-thresholds.',
  });
}

/** The run with a task that answers by the rule that was asked for, and the rule; as it is where none was. */
export async function decide<S extends Sample>(
  run: Run<S>,
): Promise<{ readonly run: Run<S>; readonly decision?: Decision }> {
  const { transfer } = run;
  const { task, target, abstainBelow } = transfer;
  const thresholds = transfer.tuneThresholds ? await tuned(run) : undefined;
  if (!task.deciding || (thresholds === undefined && abstainBelow === undefined)) return { run };
  const rule: DecisionRule = { ...(thresholds && { thresholds }), ...(abstainBelow !== undefined && { abstainBelow }) };
  const named = thresholds && Object.fromEntries(target.labels.map((label, i) => [label, thresholds[i]!]));
  const decision: Decision = {
    ...(named && { thresholds: named }),
    ...(abstainBelow !== undefined && { abstainBelow }),
  };
  return { run: { ...run, transfer: { ...transfer, task: task.deciding(rule) } }, decision };
}

async function tuned<S extends Sample>(run: Run<S>): Promise<readonly number[] | undefined> {
  const { evidence } = await judge(run, run.transfer.target.splits.validation, { intervals: false });
  return evidence?.kind === 'multi-label' ? bestThresholds(evidence.evidence) : undefined;
}
