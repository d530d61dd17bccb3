import util from 'node:util';
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

export type KernelBackendClass = new (binding: Binding, packageName: string) => NodeKernelBackend;

/**
 * Registers tfjs-node's kernels with tfjs-core, under the name `tensorflow`, and gives the backend class that they
 * call. The class is of CommonJS like the build of tfjs-core that it shares with us.
 */
export async function loadKernels(): Promise<KernelBackendClass> {
  restoreUtilHelpers();
  const { NodeJSKernelBackend } = await import('../vendor/tfjs-node.ts');
  return NodeJSKernelBackend;
}

/**
 * tfjs-node calls two helpers of `node:util` that Node 22 warns about and Node 23 removed.
 * They are put back as what they always were.
 */
export function restoreUtilHelpers(): void {
  const helpers = util as unknown as Record<string, unknown>;
  helpers.isNullOrUndefined = (value: unknown) => value === null || value === undefined;
  helpers.isArray = Array.isArray;
}
