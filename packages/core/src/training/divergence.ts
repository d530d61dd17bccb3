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

const LOWER = 'Lower --learning-rate, or let --learning-rate auto find one.';

/** The loss that updates led to. */
export function diverged(value: number, { phase, step, learningRate }: DivergedAt, hint = LOWER): HeadstartError {
  return new HeadstartError({
    code: 'diverged',
    message: `The loss became ${value} at step ${step + 1} of phase "${phase.name}" (learning rate ${learningRate}).`,
    hint,
  });
}

/** How many times the loss of a run's first step (or 1, where that is less) the mean loss of the epoch that is kept may be. */
const MOST_TIMES = 1000;

/**
 * Whether the mean loss of the epoch that a phase keeps can be a trained model's; that of epochs before may be of a network
 * that nothing was known of yet, and that recovers. Where gradients are clipped or nothing but a linear head is
 * trained, a rate that is far too high leads to weights that are huge, and still numbers.
 *
 * @param first the loss of the run's first step, where it is known
 * @throws HeadstartError `diverged`
 */
export function checkEpochLoss(
  loss: number,
  first: number | null,
  { phase, learningRate }: Omit<DivergedAt, 'step'>,
): void {
  if (first === null || loss <= MOST_TIMES * Math.max(1, first)) return;
  throw new HeadstartError({
    code: 'diverged',
    message: `Training diverged in phase "${phase.name}" (learning rate ${learningRate}): the mean loss of the epoch that is kept is ${loss.toPrecision(3)}, where it was ${first.toPrecision(3)} at the first step.`,
    hint: LOWER,
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

/**
 * Does work on what updates have led to. Weights or outputs that are no finite numbers there are the training's fault: the
 * loss is tested before an update, and the last one has none after it.
 * @throws HeadstartError `diverged` in place of `not-finite`
 */
export async function afterUpdates<T>(phase: Phase, learningRate: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!HeadstartError.is(error) || error.code !== 'not-finite') throw error;
    throw new HeadstartError({
      code: 'diverged',
      message: `Training diverged in phase "${phase.name}" (learning rate ${learningRate}). ${error.message}`,
      hint: LOWER,
      cause: error,
    });
  }
}
