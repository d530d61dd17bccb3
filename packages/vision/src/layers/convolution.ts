import { add, conv2d, depthwiseConv2d, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { assignConstant, modelVariable, type Layer, type ModelVariable } from '@headstart/core/network';
import type { RandomStream } from '@headstart/core';
import { heNormal } from './initialise.ts';

export interface ConvolutionOptions {
  /** The kernel variable's name. */
  readonly name: string;
  readonly kernelSize: number;
  readonly stride?: number;
  readonly inputs: number;
  /** Output channels; with `depthwise`, the number of inputs. */
  readonly outputs: number;
  /** One filter a channel (Howard et al., 2017) instead of one over all channels. */
  readonly depthwise?: boolean;
  /** The bias variable's name; no bias where absent (batch norm follows). */
  readonly bias?: string;
}

/**
 * 2-D convolution with TensorFlow's "same" padding: output size `ceil(size / stride)`, the odd pixel of
 * padding goes after. Kernel `[height, width, inputs, outputs]`, depthwise `[height, width, channels, 1]`.
 */
export class Convolution implements Layer {
  readonly variables: readonly ModelVariable[];
  readonly kernel: ModelVariable;
  readonly bias?: ModelVariable;
  readonly depthwise: boolean;
  readonly #stride: number;
  readonly #fanIn: number;

  constructor({ name, kernelSize, stride = 1, inputs, outputs, depthwise = false, bias }: ConvolutionOptions) {
    this.depthwise = depthwise;
    this.#stride = stride;
    this.#fanIn = kernelSize * kernelSize * (depthwise ? 1 : inputs);
    const shape = [kernelSize, kernelSize, inputs, depthwise ? 1 : outputs];
    this.kernel = modelVariable(name, shape, { role: 'weight', decay: true });
    this.bias = bias === undefined ? undefined : modelVariable(bias, [outputs], { role: 'weight', decay: false });
    this.variables = this.bias ? [this.kernel, this.bias] : [this.kernel];
  }

  /** @param x `[batch, height, width, inputs]`; gives `[batch, ceil(height / stride), ceil(width / stride), outputs]` */
  forward(x: Tensor): Tensor {
    return tidy(() => {
      const y = this.convolve(x, this.kernel.value);
      return this.bias ? add(y, this.bias.value) : y;
    });
  }

  /** The convolution by a kernel of this layer's shape, without the bias. */
  convolve(x: Tensor, kernel: Tensor): Tensor {
    const operation = this.depthwise ? depthwiseConv2d : conv2d;
    return operation(x as Tensor4D, kernel as Tensor4D, this.#stride, 'same');
  }

  initialise(random: RandomStream): void {
    heNormal(this.kernel, this.#fanIn, random);
    if (this.bias) assignConstant(this.bias, 0);
  }
}
