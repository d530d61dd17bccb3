import { HeadstartError } from '@headstart/artifacts/errors';
import type { TargetData } from '../domains/target-domain.ts';
import type { Task } from '../tasks/task.ts';

/** Checks that what a model is used on is of its modality. @throws HeadstartError `not-supported` */
export function checkModelModality({ modality }: Task, data: Pick<TargetData, 'modality'>, target: string): void {
  if (data.modality === modality) return;
  throw new HeadstartError({
    code: 'not-supported',
    message: `${target} has ${data.modality} data, and the model is about ${modality} data.`,
    hint: `Give ${modality} data.`,
  });
}
