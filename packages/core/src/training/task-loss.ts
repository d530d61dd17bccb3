import { mean, type Scalar, type Tensor1D } from '@tensorflow/tfjs-core';
import { SAMPLE_WEIGHT, weighedBySample } from '../data/sample-weights.ts';
import type { Tensors } from '../network/tensors.ts';
import type { LossOptions, Task } from '../tasks/task.ts';

type Learning = Pick<Task<never>, 'loss' | 'sampleLosses'>;

/** The task's mean loss of a batch, each sample counting what it weighs where samples have weights. */
export function taskLoss(task: Learning, outputs: Tensors, targets: Tensors, options: LossOptions): Scalar {
  if (!targets[SAMPLE_WEIGHT]) return task.loss(outputs, targets, options);
  return mean<Scalar>(weighedLosses(task, outputs, targets, options));
}

/** What each sample costs, `[batch]`, with the weight that it has. Of tasks that know what each sample costs. */
export function weighedLosses(task: Learning, outputs: Tensors, targets: Tensors, options: LossOptions): Tensor1D {
  return weighedBySample(task.sampleLosses!(outputs, targets, options), targets);
}
