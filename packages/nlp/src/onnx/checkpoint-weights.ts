import { HeadstartError } from '@headstart/core';
import type { OnnxTensor } from './onnx-graph.ts';

/** A tensor of a checkpoint, row-major. */
export interface CheckpointTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** A checkpoint's tensors, checked when they are asked for. */
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

  /** A dense layer's kernel `[outputs, inputs]`, turned to `[inputs, outputs]`. @throws HeadstartError `weights-mismatch` */
  kernel(name: string, inputs: number): OnnxTensor {
    const { shape, values } = this.matrix(name, inputs);
    return transpose(values as Float32Array, shape[0]!, inputs);
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

/** A matrix of `rows` rows, turned. */
function transpose(values: Float32Array, rows: number, columns: number): OnnxTensor {
  const turned = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = values[row * columns + column]!;
  }
  return { shape: [columns, rows], values: turned };
}
