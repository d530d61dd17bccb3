import { add, tidy, type Tensor } from '@tensorflow/tfjs-core';
import {
  BatchNorm,
  Convolution,
  NormalisedConvolution,
  type ForwardMode,
  type Layer,
  type ModelVariable,
} from '@headstart/core/network';
import type { RandomStream } from '@headstart/core';

/** EfficientNet's batch norm: TensorFlow's momentum 0.99 is PyTorch's 0.01. */
const NORM = { epsilon: 1e-3, momentum: 0.01 };

export interface InvertedResidualOptions {
  /** Prefix of the variables' names. */
  readonly name: string;
  readonly kernelSize: number;
  readonly stride: number;
  /** Factor by which the 1x1 convolution before the depthwise one widens the map; none with 1. */
  readonly expansion: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** A convolution of one pixel or depthwise, its norm, and ReLU6 unless linear, named as in the PyTorch checkpoint. */
export function convolutionUnit(options: {
  convolution: string;
  norm: string;
  kernelSize: number;
  stride?: number;
  inputs: number;
  outputs: number;
  depthwise?: boolean;
  activation?: 'relu6' | 'linear';
}): NormalisedConvolution {
  const { convolution, norm, kernelSize: size, outputs, activation = 'relu6', ...shape } = options;
  return new NormalisedConvolution(
    new Convolution({ ...shape, size, outputs, kernel: `${convolution}.weight` }),
    new BatchNorm({ name: norm, channels: outputs, ...NORM }),
    activation,
  );
}

/**
 * MobileNetV2's block (Sandler et al., 2018) as EfficientNet-Lite uses it: widen by 1x1, filter each
 * channel, project by 1x1 without activation; the input is added where the shape stays.
 */
export class InvertedResidual implements Layer {
  readonly variables: readonly ModelVariable[];
  readonly #units: readonly NormalisedConvolution[];
  readonly #residual: boolean;

  constructor({ name, kernelSize, stride, expansion, inputs, outputs }: InvertedResidualOptions) {
    const wide = inputs * expansion;
    const expand = { convolution: `${name}._expand_conv`, norm: `${name}._bn0`, kernelSize: 1, inputs, outputs: wide };
    const filter = {
      convolution: `${name}._depthwise_conv`,
      norm: `${name}._bn1`,
      kernelSize,
      stride,
      inputs: wide,
      outputs: wide,
    };
    const project = {
      convolution: `${name}._project_conv`,
      norm: `${name}._bn2`,
      kernelSize: 1,
      inputs: wide,
      outputs,
    };
    this.#units = [
      ...(expansion === 1 ? [] : [convolutionUnit(expand)]),
      convolutionUnit({ ...filter, depthwise: true }),
      convolutionUnit({ ...project, activation: 'linear' }),
    ];
    this.#residual = stride === 1 && inputs === outputs;
    this.variables = this.#units.flatMap(({ variables }) => variables);
  }

  forward(x: Tensor, mode: ForwardMode): Tensor {
    return tidy(() => {
      const y = this.#units.reduce((value, unit) => unit.forward(value, mode), x);
      return this.#residual ? add(y, x) : y;
    });
  }

  initialise(random: RandomStream): void {
    for (const unit of this.#units) unit.initialise(random);
  }
}
