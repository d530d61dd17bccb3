import { HeadstartError } from '@headstart/core';
import type { OnnxTensor } from '@headstart/core/export';
import { KERNEL, transpose } from '../encoders/layers/kernel-layout.ts';

/** A tensor of an encoder, row-major. */
export interface CheckpointTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** An encoder's tensors, checked when they are asked for. */
export class CheckpointWeights {
  constructor(private readonly tensors: ReadonlyMap<string, CheckpointTensor>) {}

  /** @throws HeadstartError `weights-mismatch` */
  vector(name: string, length: number): OnnxTensor {
    return this.#checked(name, (shape) => shape.length === 1 && shape[0] === length, `[${length}]`);
  }

  /** A table with rows of that width. @throws HeadstartError `weights-mismatch` */
  matrix(name: string, columns: number): OnnxTensor {
    return this.#checked(name, (shape) => shape.length === 2 && shape[1] === columns, `[…, ${columns}]`);
  }

  /** A dense layer's matrix `[inputs, outputs]`, by the name of its layer. @throws HeadstartError `weights-mismatch` */
  kernel(layer: string, inputs: number): OnnxTensor {
    const held = `${layer}${KERNEL}`;
    if (this.tensors.has(held))
      return this.#checked(held, (shape) => shape.length === 2 && shape[0] === inputs, `[${inputs}, …]`);
    const { shape, values } = this.matrix(`${layer}.weight`, inputs);
    return { shape: shape.toReversed(), values: transpose(values as Float32Array, shape[0]!) };
  }

  #checked(name: string, fits: (shape: readonly number[]) => boolean, wanted: string): OnnxTensor {
    const tensor = this.tensors.get(name);
    if (tensor && fits(tensor.shape)) return tensor;
    throw new HeadstartError({
      code: 'weights-mismatch',
      message: tensor
        ? `The encoder holds "${name}" as [${tensor.shape.join(', ')}] where ${wanted} is needed.`
        : `The encoder holds no tensor "${name}".`,
      hint: 'The weights belong to another architecture than the configuration describes; use those that were published with it.',
    });
  }
}
