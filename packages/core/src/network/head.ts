import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { Stage } from './stage.ts';
import type { Tensors } from './tensors.ts';

/** The name under which the head appears among the stages. */
export const HEAD = 'head';

/** A stage as strategies see it; `parameters` counts the numbers in its weights, statistics apart. */
export interface StageInfo {
  readonly name: string;
  readonly parameters: number;
  /** How many of these scale or shift what a batch norm has normalised; none where absent. */
  readonly batchNorm?: number;
}

/** The new layers that a task puts on a backbone. */
export interface Head extends Stage {
  /**
   * Fits non-trainable statistics to the features of the frozen backbone on the training split
   * before training starts: mean and standard deviation per feature, over all rows.
   */
  fit?(feature: string, statistics: { mean: Float32Array; standardDeviation: Float32Array }): void;
  /** Multiplies what the head puts out as logits, through its weights: so a temperature becomes part of a model. */
  scaleLogits?(factor: number): void;
  /** Adds to what the head puts out as logits, one number per class, through its weights. */
  shiftLogits?(shifts: readonly number[]): void;
  /** For a head that can be trained together with others of its shape, such as those of other seeds. */
  readonly stackable?: StackableHead;
}

/**
 * A head in two parts, `forward` being the one after the other. Neither draws random numbers or moves statistics, so that
 * many heads that a task built for one backbone and the same labels can be computed at once, each on samples of its own.
 */
export interface StackableHead {
  /** What comes before the first weight that trains, `[batch, width]`: computed once per sample and kept. */
  prepare(inputs: Tensors): Tensor2D;
  /**
   * The rest: of any number of heads, or of one without the axis of heads.
   * @param prepared `[heads, batch, width]`, or `[batch, width]`
   * @param weights by the names of the variables that train, `[heads, …]` each, or as they are
   * @returns the outputs by name, `[heads, batch, …]` each, or `[batch, …]`
   */
  forward(prepared: Tensor2D | Tensor3D, weights: Tensors): Tensors;
}
