import * as tf from '@tensorflow/tfjs-core';
import type {
  GradConfig,
  KernelConfig,
  KernelFunc,
  NamedAttrMap,
  NamedTensorInfoMap,
  Tensor,
  TensorInfo,
} from '@tensorflow/tfjs-core';
import type { OpAttribute } from '../libtensorflow/attributes.ts';
import { AttrType, DataType } from '../libtensorflow/data-types.ts';
import { TENSORFLOW, type NodeKernelBackend } from '../tfjs-node/kernel-backend.ts';

/** A gradient function for each input, by name. */
export type Gradients = Record<string, () => Tensor>;

/** A kernel's call with the backend that tfjs-node's kernels see. */
export interface KernelCall {
  inputs: Record<string, TensorInfo>;
  attrs: Record<string, unknown>;
  backend: NodeKernelBackend;
}

/** Registers a kernel for the `tensorflow` backend in place of the one that is there, and returns that one. */
export function setKernel(
  kernelName: string,
  run: (call: KernelCall) => TensorInfo | TensorInfo[],
): KernelFunc | undefined {
  const previous = (tf.getKernel(kernelName, TENSORFLOW) as KernelConfig | undefined)?.kernelFunc;
  if (previous) tf.unregisterKernel(kernelName, TENSORFLOW);
  tf.registerKernel({
    kernelName,
    backendName: TENSORFLOW,
    kernelFunc: ({ inputs, attrs, backend }) =>
      run({
        inputs: inputs as Record<string, TensorInfo>,
        attrs: attrs ?? {},
        backend: backend as NodeKernelBackend,
      }),
  });
  return previous;
}

/**
 * Replaces a gradient. Gradients are registered for all backends at once: `fused` is taken while
 * the `tensorflow` backend is active, `plain` (or the gradient that was there) otherwise.
 */
export function setGradient(
  kernelName: string,
  saves: Pick<GradConfig, 'inputsToSave' | 'outputsToSave'>,
  fused: (dy: Tensor, saved: Tensor[], attrs: NamedAttrMap) => Gradients,
  plain?: (dy: Tensor, saved: Tensor[], attrs: NamedAttrMap) => Gradients,
): void {
  const previous = tf.getGradient(kernelName);
  const otherwise = plain ?? previous?.gradFunc;
  if (previous) tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    ...saves,
    gradFunc: (dy, saved, attrs) =>
      (tf.getBackend() === TENSORFLOW || !otherwise ? fused : otherwise)(dy as Tensor, saved, attrs),
  });
}

/** Runs a kernel that is registered under a TensorFlow op's name. */
export function runKernel(name: string, inputs: Record<string, Tensor>, attrs: Record<string, unknown> = {}): Tensor {
  return tf.engine().runKernel(name, inputs as unknown as NamedTensorInfoMap as never, attrs as never);
}

/** Runs a kernel with several outputs. */
export function runKernels(
  name: string,
  inputs: Record<string, Tensor>,
  attrs: Record<string, unknown> = {},
): Tensor[] {
  return runKernel(name, inputs, attrs) as unknown as Tensor[];
}

/** By TensorFlow.js's names, and two that TensorFlow alone has. */
const TYPES: Readonly<Record<string, number>> = {
  float32: DataType.float,
  int32: DataType.int32,
  int64: DataType.int64,
  float64: DataType.double,
  bool: DataType.bool,
  complex64: DataType.complex64,
  string: DataType.string,
};

export const attribute = {
  /** A TensorFlow.js dtype, as the op's attribute of that name. */
  type: (name: string, dtype: string): OpAttribute => ({ name, type: AttrType.type, value: TYPES[dtype]! }),
  int: (name: string, value: number): OpAttribute => ({ name, type: AttrType.int, value }),
  ints: (name: string, value: readonly number[]): OpAttribute => ({ name, type: AttrType.int, value }),
  bool: (name: string, value: boolean): OpAttribute => ({ name, type: AttrType.bool, value }),
  float: (name: string, value: number): OpAttribute => ({ name, type: AttrType.float, value }),
  string: (name: string, value: string): OpAttribute => ({ name, type: AttrType.string, value }),
  strings: (name: string, value: readonly string[]): OpAttribute => ({ name, type: AttrType.string, value }),
};

/** Casts by TensorFlow's own op, between types that TensorFlow.js has. */
export function cast(backend: NodeKernelBackend, x: TensorInfo, from: string, to: string): Tensor {
  return backend.executeSingleOutput(
    'Cast',
    [attribute.type('SrcT', from), attribute.type('DstT', to), attribute.bool('Truncate', false)],
    [x],
  );
}
