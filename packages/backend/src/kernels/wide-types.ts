import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core';
import type { OpAttribute } from '../libtensorflow/attributes.ts';
import type { TensorMetadata } from '../libtensorflow/binding.ts';
import type { NodeKernelBackend } from '../tfjs-node/kernel-backend.ts';
import { attribute } from './registration.ts';

/** TensorFlow's ops on tensors that TensorFlow.js does not see, by their ids in the binding. */
export interface WideOps {
  /** The id of a tensor of TensorFlow.js. */
  readonly id: (x: TensorInfo) => number;
  readonly run: (
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    outputs?: number,
  ) => TensorMetadata[];
  readonly cast: (x: number, from: string, to: string) => TensorMetadata;
}

/**
 * Runs ops some of whose tensors have types that TensorFlow.js does not have, int64 and float64.
 * Those that `work` returns become tensors of TensorFlow.js, so these must have types that it knows;
 * all others are freed.
 */
export function withWideTypes(backend: NodeKernelBackend, work: (ops: WideOps) => readonly TensorMetadata[]): Tensor[] {
  const { binding } = backend;
  const inner = new Set<number>();
  const run: WideOps['run'] = (op, attributes, inputs, outputs = 1) => {
    const results = binding.executeOp(op, attributes, inputs, outputs);
    for (const { id } of results) inner.add(id);
    return results;
  };
  try {
    const results = work({
      id: (x) => backend.getInputTensorIds([x])[0]!,
      run,
      cast: (x, from, to) =>
        run(
          'Cast',
          [attribute.type('SrcT', from), attribute.type('DstT', to), attribute.bool('Truncate', false)],
          [x],
        )[0]!,
    });
    for (const { id } of results) inner.delete(id);
    return results.map((result) => backend.createOutputTensor(result));
  } finally {
    // Negative ids stand for nodes of a step that is only recorded.
    for (const id of inner) if (id >= 0) binding.deleteTensor(id);
  }
}
