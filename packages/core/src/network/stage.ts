import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../random/random-stream.ts';
import type { StepRandom } from '../random/step-random.ts';
import type { Tensors } from './tensors.ts';

/** A named variable of a network. Its name is the checkpoint's, so that published weights load by name. */
export interface ModelVariable {
  readonly name: string;
  readonly value: Variable;
  /**
   * `weight`: changed by the optimiser only. `statistic`: changed by a forward pass in training
   * mode (batch norm's moving averages) or fitted from data, never by gradients. `fixed`: never changed by anything: as the
   * source has it, so that neither checkpoints nor saved models hold it where the source can be opened again.
   */
  readonly role: 'weight' | 'statistic' | 'fixed';
  /** Whether weight decay applies: true for kernels, false for biases and normalisation. */
  readonly decay: boolean;
  /** Whether it scales or shifts what a batch norm has normalised. */
  readonly batchNorm?: boolean;
}

/** Whether a stage is run to be trained, and how far. */
export interface ForwardMode {
  /** Dropout drops, batch norm may use the batch's statistics. Never true for a frozen stage. */
  readonly training: boolean;
  /**
   * Whether a stage in training normalises by the batch's statistics and moves its averages; true
   * where absent. False keeps the stored averages, as if they were weights that are not trained.
   */
  readonly batchStatistics?: boolean;
  /**
   * Whether batch statistics that a stage normalises by move its averages; true where absent. False for labelled batches beside
   * unlabelled ones: each batch is normalised by its own domain's statistics, and the model keeps those of the domain that it adapts to.
   */
  readonly movesAverages?: boolean;
  /** Names this step's random numbers (dropout). Given whenever `training` is true. */
  readonly random?: StepRandom;
  /** Shown what the products by a weight matrix take in, `[rows, inputs]`, with the layer's name: for calibration. */
  readonly observe?: (layer: string, x: Tensor) => void;
}

/** A piece of a network that is frozen or trained as a whole. */
export interface Stage {
  readonly name: string;
  readonly variables: readonly ModelVariable[];
  /** Pure over tensors but for batch-norm statistics, which move when `mode.training` is true. */
  forward(inputs: Tensors, mode: ForwardMode): Tensors;
  /** Draws fresh weights, for training from scratch. */
  initialise(random: RandomStream): void;
}

/** Frees the variables of stages. */
export function disposeStages(stages: readonly Stage[]): void {
  for (const { variables } of stages) for (const { value } of variables) value.dispose();
}

/** Whether batch norm takes its statistics from the batch in this mode, and moves its averages. */
export function usesBatchStatistics({ training, batchStatistics = true }: ForwardMode): boolean {
  return training && batchStatistics;
}
