import { HeadstartError } from '@headstart/artifacts/errors';
import type { Sample } from '../domains/target-domain.ts';
import { named } from '../plugins/owner.ts';
import type { Phase } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';

/** Where a loss was no finite number. */
export interface DivergedAt {
  readonly phase: Phase;
  /** From 0 within the phase. */
  readonly step: number;
  readonly learningRate: number;
}

/** The loss that updates led to. */
export function diverged(
  value: number,
  { phase, step, learningRate }: DivergedAt,
  hint = 'Lower --learning-rate, or let --learning-rate auto find one.',
): HeadstartError {
  return new HeadstartError({
    code: 'diverged',
    message: `The loss became ${value} at step ${step + 1} of phase "${phase.name}" (learning rate ${learningRate}).`,
    hint,
  });
}

/** No rate is to blame for a loss that no update came before. */
export function notFinite<S extends Sample>(
  value: number,
  { phase, task }: { readonly phase: Phase; readonly task: Task<S> },
): HeadstartError {
  return new HeadstartError({
    code: 'diverged',
    message: `${named('task', task)}: the loss is ${value} at the first step of phase "${phase.name}", before a weight has changed.`,
    hint: "The loss is at fault, or the source's weights: tell the author of the task's plugin or the source's, or choose another --source.",
  });
}
