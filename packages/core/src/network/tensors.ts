import type { DataType, Tensor } from '@tensorflow/tfjs-core';

/** Tensors by name; the first axis of each is the batch. What stages hand to one another. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** A tensor of one sample: its shape without the batch axis, and its type. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: Extract<DataType, 'float32' | 'int32'>;
  /** For int32 that index something: values are whole numbers from 0 to less than this. */
  readonly below?: number;
}

/** The tensors of one sample, by name. */
export type TensorSpecs = Readonly<Record<string, TensorSpec>>;

/** Values on the host, row-major. */
export type HostValues = Float32Array | Int32Array;

/** One sample's tensors on the host, by name. */
export type HostTensors = Readonly<Record<string, HostValues>>;
