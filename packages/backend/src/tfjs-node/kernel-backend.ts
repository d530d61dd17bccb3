import { createRequire } from 'node:module';
import type { DataId, KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { OpAttribute } from '../libtensorflow/attributes.ts';
import type { Binding, TensorMetadata } from '../libtensorflow/binding.ts';

/** The name that tfjs-node's kernels are registered for; they look their backend up by it. */
export const TENSORFLOW = 'tensorflow';

/** tfjs-node's `NodeJSKernelBackend`: what a kernel written for it calls. */
export interface NodeKernelBackend extends KernelBackend {
  readonly binding: Binding;
  executeSingleOutput(name: string, attributes: readonly OpAttribute[], inputs: readonly TensorInfo[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
  /** An activation by TensorFlow.js's name for it; the input itself where there is none. */
  applyActivation(
    input: Tensor,
    activation: string | undefined,
    preluWeights: Tensor | undefined,
    leakyReluAlpha: number | undefined,
  ): Tensor;
  /** Wraps a tensor of the binding. */
  createOutputTensor(metadata: TensorMetadata): Tensor;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  readonly tensorMap: { get(dataId: DataId): { id: number; values: unknown; dtype: number; shape: number[] } };
}

interface KernelBackendModule {
  NodeJSKernelBackend: new (binding: Binding, packageName: string) => NodeKernelBackend;
}

const require = createRequire(import.meta.url);

/**
 * tfjs-node's backend class and kernels without its entry point, which would look for its native
 * addon and throw. The files are CommonJS and share the CommonJS build of tfjs-core with us.
 */
export function loadKernelBackend(): KernelBackendModule {
  restoreUtilHelpers();
  return require('@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend.js') as KernelBackendModule;
}

/** Registers tfjs-node's kernels with tfjs-core, under the name `tensorflow`. */
export function registerKernels(): void {
  restoreUtilHelpers();
  require('@tensorflow/tfjs-node-gpu/dist/register_all_kernels.js');
}

/**
 * tfjs-node calls two helpers of `node:util` that Node 22 warns about and Node 23 removed.
 * They are put back as what they always were.
 */
export function restoreUtilHelpers(): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  util.isArray = Array.isArray;
}
