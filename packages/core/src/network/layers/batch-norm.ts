import { add, mul, rsqrt, sub, tidy, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import { batchNormTrain } from '../batch-norm.ts';
import { assignConstant, modelVariable, type Layer } from '../layer.ts';
import type { ForwardMode, ModelVariable } from '../stage.ts';

/** What a batch norm is made of. */
export interface BatchNormOptions {
  /** Prefix of the variables' names: `<name>.weight`, `.bias`, `.running_mean`, `.running_var`. */
  readonly name: string;
  readonly channels: number;
  readonly epsilon: number;
  /** Share of a batch's statistics in the moving averages' update (PyTorch's meaning of the word). */
  readonly momentum: number;
}

const SCALES = { role: 'weight', decay: false, batchNorm: true } as const;

/** Batch normalisation over the last axis (Ioffe and Szegedy, 2015), with moving averages as PyTorch keeps them. */
export class BatchNorm implements Layer {
  readonly gamma: ModelVariable;
  readonly beta: ModelVariable;
  readonly movingMean: ModelVariable;
  readonly movingVariance: ModelVariable;
  readonly variables: readonly ModelVariable[];
  readonly #epsilon: number;
  readonly #momentum: number;

  constructor({ name, channels, epsilon, momentum }: BatchNormOptions) {
    this.#epsilon = epsilon;
    this.#momentum = momentum;
    this.gamma = modelVariable(`${name}.weight`, [channels], { ...SCALES, value: 1 });
    this.beta = modelVariable(`${name}.bias`, [channels], SCALES);
    this.movingMean = modelVariable(`${name}.running_mean`, [channels], { role: 'statistic', decay: false });
    this.movingVariance = modelVariable(`${name}.running_var`, [channels], {
      role: 'statistic',
      decay: false,
      value: 1,
    });
    this.variables = [this.gamma, this.beta, this.movingMean, this.movingVariance];
  }

  /**
   * Normalises by the batch's statistics and moves the averages, unless the mode says otherwise. A single value per channel, such as the
   * last sample of an epoch where its batch is left with one, has no statistics: it is normalised by the averages.
   * @param x `[…, channels]`
   */
  train(x: Tensor, { movesAverages = true }: Pick<ForwardMode, 'movesAverages'> = {}): Tensor {
    return tidy(() => {
      if (x.size === this.gamma.value.size) return this.infer(x);
      const { y, batchMean, batchVariance } = batchNormTrain(x, this.gamma.value, this.beta.value, this.#epsilon);
      if (movesAverages) this.#moveAverages(batchMean, batchVariance, x.size / batchMean.size);
      return y;
    });
  }

  /** Normalises by the moving averages. @param x `[…, channels]` */
  infer(x: Tensor): Tensor {
    return tidy(() => {
      const { scale, shift } = this.affine();
      return add(mul(x, scale), shift);
    });
  }

  /**
   * Normalisation by the moving averages as `x * scale + shift`, both `[channels]`. The scale can be
   * multiplied into the kernel of the convolution before, which spares two passes over its output.
   */
  affine(): { scale: Tensor; shift: Tensor } {
    return tidy(() => {
      const scale = mul(this.gamma.value, rsqrt(add(this.movingVariance.value, this.#epsilon)));
      return { scale, shift: sub(this.beta.value, mul(this.movingMean.value, scale)) };
    });
  }

  initialise(): void {
    assignConstant(this.gamma, 1);
    assignConstant(this.beta, 0);
    assignConstant(this.movingMean, 0);
    assignConstant(this.movingVariance, 1);
  }

  /** `count` values per channel, two or more, gave the statistics; the average keeps the unbiased variance, as PyTorch does. */
  #moveAverages(mean: Tensor1D, variance: Tensor1D, count: number): void {
    tidy(() => {
      const unbiased = mul(variance, count / (count - 1));
      for (const [{ value }, batch] of [
        [this.movingMean, mean],
        [this.movingVariance, unbiased],
      ] as const) {
        value.assign(add(mul(value, 1 - this.#momentum), mul(batch, this.#momentum)));
      }
    });
  }
}
