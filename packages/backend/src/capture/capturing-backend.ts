import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import type { Binding } from '../libtensorflow/binding.ts';
import type { TensorFlowLibrary } from '../libtensorflow/library.ts';
import type { ReadValues, TensorValues } from '../libtensorflow/tensor-data.ts';
import type { KernelBackendClass, NodeKernelBackend } from '../tfjs-node/kernel-backend.ts';
import { Recording, type StoredTensor } from './recording.ts';
import type { StepGraph } from './step-graph.ts';

/** The kernel backend of tfjs-node, whose work can be recorded instead of done. */
export interface CapturingBackend {
  readonly library: TensorFlowLibrary;
  readonly binding: Binding;
  readonly kernels: NodeKernelBackend;
  /** What the kernel backend keeps of a tensor, or undefined where it is disposed of. */
  stored(dataId: DataId): StoredTensor | undefined;
  /** Runs synchronous work whose ops go into the graph instead of being executed. */
  record<T>(graph: StepGraph, work: (recording: Recording) => T): T;
}

/** tfjs-node's scalar of 64 bits, which is not a tensor: two 32-bit halves. */
interface Int64Scalar {
  readonly valueArray: Int32Array;
}

/** @param NodeJSKernelBackend tfjs-node's class, which works through the binding */
export function createCapturingBackend(
  library: TensorFlowLibrary,
  binding: Binding,
  NodeJSKernelBackend: KernelBackendClass,
  packageName: string,
): CapturingBackend {
  let recording: Recording | undefined;
  const recordable: Binding = {
    ...binding,
    executeOp: (op, attributes, inputs, outputs) =>
      recording
        ? recording.execute(op, attributes, inputs, outputs)
        : binding.executeOp(op, attributes, inputs, outputs),
    createTensor: (shape, dtype, values) =>
      recording ? recording.constant(shape, dtype, values) : binding.createTensor(shape, dtype, values),
  };
  const kernels = new NodeJSKernelBackend(recordable, packageName);
  const { tensorMap } = kernels as unknown as {
    tensorMap: { get(dataId: DataId): StoredTensor; has(dataId: DataId): boolean };
  };

  const write = kernels.write.bind(kernels) as (...args: [values: ReadValues, ...rest: unknown[]]) => DataId;
  const readStored = kernels.readSync.bind(kernels);
  const readSync = (dataId: DataId): ReadValues => readStored(dataId);
  const inputIds = kernels.getInputTensorIds.bind(kernels);
  Object.assign(kernels, {
    write(values: ReadValues, ...rest: unknown[]): DataId {
      const dataId = write(values, ...rest);
      recording?.wrote(dataId, values);
      return dataId;
    },
    readSync: (dataId: DataId): ReadValues => (recording ? recording.read(dataId) : readSync(dataId)),
    async read(dataId: DataId): Promise<ReadValues> {
      if (!recording) return readSync(dataId);
      try {
        return recording.read(dataId);
      } catch {
        // The recording is refused by now. A rejection that nobody in a synchronous step can await
        // would end the process.
        return new Promise<ReadValues>(() => {});
      }
    },
    getInputTensorIds(tensors: readonly (TensorInfo | Int64Scalar)[]): number[] {
      if (!recording) return inputIds(tensors as TensorInfo[]);
      const current = recording;
      return tensors.map((tensor) =>
        'valueArray' in tensor
          ? current.constant([], binding.TF_INT64 as number, tensor.valueArray)
          : current.idOf(tensor),
      );
    },
  });

  const create = ({ shape, dtype, values }: StoredTensor) => binding.createTensor(shape, dtype, values as TensorValues);
  return {
    library,
    binding,
    kernels,
    stored: (dataId) => (tensorMap.has(dataId) ? tensorMap.get(dataId) : undefined),
    record(graph, work) {
      recording = new Recording(graph, (dataId) => tensorMap.get(dataId), create);
      try {
        return work(recording);
      } finally {
        recording = undefined;
      }
    },
  };
}
