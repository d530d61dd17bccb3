import { add, conv2d, leakyRelu, pad, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { assignConstant, assignValues, modelVariable, type Layer, type ModelVariable } from '@headstart/core/network';
import type { RandomStream } from '@headstart/core';

export interface ConvolutionOptions {
  /** The kernel variable's name. */
  readonly kernel: string;
  /** The bias variable's name. */
  readonly bias: string;
  readonly size: 1 | 3;
  readonly stride?: 1 | 2;
  readonly inputs: number;
  readonly outputs: number;
  /** Slope of the leaky ReLU below zero; no activation where absent. */
  readonly slope?: number;
  /** Whether weight decay applies to the kernel; it does where absent. */
  readonly decay?: boolean;
  /** Deviation of fresh kernels; He's where absent. */
  readonly deviation?: number;
}

/**
 * A convolution with bias, padded on every side by half its kernel as PyTorch's detectors are (with stride
 * 2 TensorFlow's "same" would pad the far side alone), and a leaky ReLU (Maas et al., 2013).
 * Kernel `[size, size, inputs, outputs]`.
 */
export class Convolution implements Layer {
  readonly kernel: ModelVariable;
  readonly bias: ModelVariable;
  readonly variables: readonly ModelVariable[];

  constructor(readonly options: ConvolutionOptions) {
    const { kernel, bias, size, inputs, outputs, decay = true } = options;
    this.kernel = modelVariable(kernel, [size, size, inputs, outputs], { role: 'weight', decay });
    this.bias = modelVariable(bias, [outputs], { role: 'weight', decay: false });
    this.variables = [this.kernel, this.bias];
  }

  /** @param x `[batch, height, width, inputs]`; gives `[batch, ceil(height / stride), ceil(width / stride), outputs]` */
  forward(x: Tensor): Tensor4D {
    return tidy(() => {
      const { size, stride = 1, slope } = this.options;
      const strided = size === 3 && stride === 2;
      const padded = strided
        ? pad(x as Tensor4D, [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 0],
          ])
        : (x as Tensor4D);
      const y = add<Tensor4D>(
        conv2d(padded, this.kernel.value as Tensor as Tensor4D, stride, strided ? 'valid' : 'same'),
        this.bias.value,
      );
      return slope === undefined ? y : leakyRelu(y, slope);
    });
  }

  /** Normal, of variance 2 / ((1 + slope²) fan-in) by default (He et al., 2015, eq. 15), for the kernel; zero for the bias. */
  initialise(random: RandomStream): void {
    const { size, inputs, slope = 0 } = this.options;
    const deviation = this.options.deviation ?? Math.sqrt(2 / ((1 + slope ** 2) * size * size * inputs));
    const stream = random.child(this.kernel.name);
    assignValues(
      this.kernel,
      Float32Array.from({ length: this.kernel.value.size }, () => deviation * stream.normal()),
    );
    assignConstant(this.bias, 0);
  }
}
