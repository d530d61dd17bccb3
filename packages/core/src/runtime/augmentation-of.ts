import { unknownName } from '@headstart/artifacts/errors';
import type { TransferRequest } from '../runs/request.ts';
import type { Task } from '../tasks/task.ts';

/** The policy by which samples are altered. @throws HeadstartError `unknown-name`, what the task refuses it with */
export function augmentationOf(
  task: Task,
  { augmentation = task.defaults.augmentation }: Pick<TransferRequest, 'augmentation'>,
): string {
  task.checkAugmentation?.(augmentation);
  if (!task.checkAugmentation && !task.augmentations.includes(augmentation))
    throw unknownName('augmentation', augmentation, task.augmentations);
  return augmentation;
}
