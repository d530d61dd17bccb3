import { add, conv2d, depthwiseConv2d, pad, tidy, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { RandomStream } from '../../random/random-stream.ts';
import { modelVariable, type Layer } from '../layer.ts';
import type { ModelVariable } from '../stage.ts';
import { constant, heNormal, type Initialiser } from './initialisers.ts';

/** What a convolution is made of. */
export interface ConvolutionOptions {
  /** The kernel variable's name. */
  readonly kernel: string;
  /** The bias variable's name; no bias where absent (batch norm follows). */
  readonly bias?: string;
  /** Height and width of the kernel, or both in one. */
  readonly size: number | readonly [height: number, width: number];
  readonly stride?: number;
  readonly inputs: number;
  /** Output channels; with `depthwise`, the number of inputs. */
  readonly outputs: number;
  /** One filter per channel (Howard et al., 2017) instead of one over all channels. */
  readonly depthwise?: boolean;
  /**
   * `same`, the default: as TensorFlow pads, output size `ceil(size / stride)`, the odd pixel after. `symmetric`: half the
   * kernel on every side, as PyTorch's networks are padded; the kernel's sides are odd.
   */
  readonly padding?: 'same' | 'symmetric';
  /** What follows, such as ReLU; nothing where absent. */
  readonly activation?: (x: Tensor4D) => Tensor4D;
  /** Whether weight decay applies to the kernel; it does where absent. */
  readonly decay?: boolean;
  /** Draws fresh kernels; He's for a ReLU where absent. */
  readonly initialiser?: Initialiser;
  /** Fills fresh biases; zeros where absent. */
  readonly biasInitialiser?: Initialiser;
}

/** 2-D convolution. Kernel `[height, width, inputs, outputs]`, depthwise `[height, width, channels, 1]`. */
export class Convolution implements Layer {
  readonly kernel: ModelVariable;
  readonly bias?: ModelVariable;
  readonly variables: readonly ModelVariable[];
  readonly depthwise: boolean;
  readonly #size: readonly [height: number, width: number];
  readonly #stride: number;
  readonly #padding: 'same' | 'symmetric';
  readonly #activation: ConvolutionOptions['activation'];
  readonly #initialiser: Initialiser;
  readonly #biasInitialiser: Initialiser;

  constructor(options: ConvolutionOptions) {
    const { kernel, bias, size, inputs, outputs, depthwise = false, decay = true } = options;
    const [height, width] = typeof size === 'number' ? [size, size] : size;
    this.depthwise = depthwise;
    this.#size = [height, width];
    this.#stride = options.stride ?? 1;
    // At stride 1 both paddings are the same for a kernel of odd sides, and "same" pads within the op.
    this.#padding = this.#stride > 1 && height * width > 1 ? (options.padding ?? 'same') : 'same';
    this.#activation = options.activation;
    this.#initialiser = options.initialiser ?? heNormal(height * width * (depthwise ? 1 : inputs));
    this.#biasInitialiser = options.biasInitialiser ?? constant(0);
    this.kernel = modelVariable(kernel, [height, width, inputs, depthwise ? 1 : outputs], { role: 'weight', decay });
    this.bias = bias === undefined ? undefined : modelVariable(bias, [outputs], { role: 'weight', decay: false });
    this.variables = this.bias ? [this.kernel, this.bias] : [this.kernel];
  }

  /** @param x `[batch, height, width, inputs]`; gives `[batch, ceil(height / stride), ceil(width / stride), outputs]` */
  forward(x: Tensor): Tensor4D {
    return tidy(() => {
      const y = this.convolve(x);
      const shifted = this.bias ? add<Tensor4D>(y, this.bias.value) : y;
      return this.#activation ? this.#activation(shifted) : shifted;
    });
  }

  /** The product alone, without bias and activation; by another kernel of this layer's shape where one is given. */
  convolve(x: Tensor, kernel: Tensor = this.kernel.value): Tensor4D {
    const operation = this.depthwise ? depthwiseConv2d : conv2d;
    const symmetric = this.#padding === 'symmetric';
    const padded = symmetric ? this.#padded(x as Tensor4D) : (x as Tensor4D);
    return operation(padded, kernel as Tensor4D, this.#stride, symmetric ? 'valid' : 'same');
  }

  initialise(random: RandomStream): void {
    this.#initialiser(this.kernel, random);
    if (this.bias) this.#biasInitialiser(this.bias, random);
  }

  #padded(x: Tensor4D): Tensor4D {
    const [rows, columns] = this.#size.map((side) => (side - 1) / 2) as [number, number];
    return pad(x, [
      [0, 0],
      [rows, rows],
      [columns, columns],
      [0, 0],
    ]);
  }
}
