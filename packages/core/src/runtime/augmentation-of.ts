import { unknownName } from '@headstart/artifacts/errors';
import type { TransferRequest } from '../runs/request.ts';
import type { Strategy } from '../strategies/strategy.ts';
import type { Task } from '../tasks/task.ts';

/** The policy by which samples are altered, and whose it is. */
export interface ChosenAugmentation {
  readonly augmentation: string;
  readonly why: string;
}

/** The policy that is asked for, else the strategy's where the task has it, else the task's. @throws HeadstartError `unknown-name`, what the task refuses it with */
export function augmentationOf(
  task: Task,
  strategy: Pick<Strategy, 'id' | 'augmentation'>,
  { augmentation: asked }: Pick<TransferRequest, 'augmentation'>,
): ChosenAugmentation {
  if (asked === undefined) {
    const own = task.augmentations.find((name) => name === strategy.augmentation);
    return own === undefined
      ? { augmentation: task.defaults.augmentation, why: `default for ${task.id}` }
      : { augmentation: own, why: `default for ${strategy.id}` };
  }
  task.checkAugmentation?.(asked);
  if (!task.checkAugmentation && !task.augmentations.includes(asked))
    throw unknownName('augmentation', asked, task.augmentations);
  return { augmentation: asked, why: 'asked for' };
}
