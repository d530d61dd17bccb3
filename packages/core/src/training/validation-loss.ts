import { sum, tidy } from '@tensorflow/tfjs-core';
import type { Tensors } from '../network/tensors.ts';
import type { LossOptions, Task } from '../tasks/task.ts';
import { VALIDATION_LOSS } from './epoch-choice.ts';
import { weighedLosses } from './task-loss.ts';

/** The mean of what the samples of a split cost, in inference: nothing for tasks that do not know what a sample costs by itself. */
export class ValidationLoss {
  #sum = 0;
  #samples = 0;

  constructor(
    private readonly task: Pick<Task<never>, 'loss' | 'sampleLosses'>,
    private readonly options: LossOptions,
  ) {}

  async add(outputs: Tensors, targets: Tensors, samples: number): Promise<void> {
    if (!this.task.sampleLosses) return;
    const total = tidy(() => sum(weighedLosses(this.task, outputs, targets, this.options)));
    const [value] = await total.data();
    total.dispose();
    this.#sum += value!;
    this.#samples += samples;
  }

  /** The metrics with the mean loss under a name of its own, where it is a finite number and no metric has the name. */
  beside(metrics: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
    const mean = this.#sum / this.#samples;
    return Number.isFinite(mean) ? { [VALIDATION_LOSS]: mean, ...metrics } : metrics;
  }
}
