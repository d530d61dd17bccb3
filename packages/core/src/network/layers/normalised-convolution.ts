import { add, mul, relu6, reshape, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Layer } from '../layer.ts';
import { usesBatchStatistics, type ForwardMode, type ModelVariable } from '../stage.ts';
import type { BatchNorm } from './batch-norm.ts';
import type { Convolution } from './convolution.ts';

/**
 * A convolution without bias, batch norm, and ReLU6 unless it is `linear`. With stored statistics the norm's
 * scale is multiplied into the kernel: `x * (W scale) + shift` equals `(x * W) scale + shift`.
 */
export class NormalisedConvolution implements Layer {
  readonly variables: readonly ModelVariable[];

  constructor(
    private readonly convolution: Convolution,
    private readonly norm: BatchNorm,
    private readonly activation: 'relu6' | 'linear',
  ) {
    this.variables = [...convolution.variables, ...norm.variables];
  }

  forward(x: Tensor, mode: ForwardMode): Tensor {
    return tidy(() => {
      const y = usesBatchStatistics(mode) ? this.norm.train(this.convolution.forward(x), mode) : this.#folded(x);
      return this.activation === 'relu6' ? relu6(y) : y;
    });
  }

  initialise(random: RandomStream): void {
    this.convolution.initialise(random);
    this.norm.initialise();
  }

  #folded(x: Tensor): Tensor {
    const { scale, shift } = this.norm.affine();
    const perFilter = this.convolution.depthwise ? reshape(scale, [-1, 1]) : scale;
    return add(this.convolution.convolve(x, mul(this.convolution.kernel.value, perFilter)), shift);
  }
}
