import { Convolution, heNormal } from '@headstart/core/network';
import { leakyRelu } from '@tensorflow/tfjs-core';

export interface LeakyConvolutionOptions {
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
}

/**
 * A convolution padded on every side by half its kernel, as PyTorch's detectors are (with stride 2 TensorFlow's "same"
 * would pad the far side alone), and a leaky ReLU (Maas et al., 2013).
 */
export function leakyConvolution({ slope, ...shape }: LeakyConvolutionOptions): Convolution {
  const { size, inputs } = shape;
  return new Convolution({
    ...shape,
    padding: 'symmetric',
    activation: slope === undefined ? undefined : (x) => leakyRelu(x, slope),
    initialiser: heNormal((1 + (slope ?? 0) ** 2) * size * size * inputs),
  });
}
