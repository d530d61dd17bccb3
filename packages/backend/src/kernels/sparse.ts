import { tidy, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import type { NodeKernelBackend } from '../tfjs-node/kernel-backend.ts';
import { inOwnWords } from './error-words.ts';
import { attribute, cast, setKernel } from './registration.ts';

/** Ops on sparse tensors, which tfjs-node does not offer. TensorFlow wants their indices as int64. */
export function registerSparse(): void {
  setKernel('SparseFillEmptyRows', ({ inputs, backend }) => {
    const { indices, values, denseShape, defaultValue } = inputs;
    return tidy(() => {
      const wide = [toInt64(backend, indices!), values!, toInt64(backend, denseShape!), defaultValue!];
      const [rows, filled, empty, reverse] = inOwnWords(() =>
        backend.executeMultipleOutputs('SparseFillEmptyRows', [attribute.type('T', values!.dtype)], wide, 4),
      );
      return [toInt32(backend, rows!), filled!, empty!, toInt32(backend, reverse!)];
    });
  });
  setKernel('SparseReshape', ({ inputs, backend }) => {
    const { inputIndices, inputShape, newShape } = inputs;
    return tidy(() => {
      const wide = [inputIndices!, inputShape!, newShape!].map((input) => toInt64(backend, input));
      return inOwnWords(() => backend.executeMultipleOutputs('SparseReshape', [], wide, 2)).map((output) => toInt32(backend, output));
    });
  });
  for (const name of ['SparseSegmentMean', 'SparseSegmentSum']) {
    setKernel(name, ({ inputs, backend }) => {
      const { data, indices, segmentIds } = inputs;
      const types = [attribute.type('T', data!.dtype), attribute.type('Tidx', 'int32'), attribute.type('Tsegmentids', 'int32')];
      return inOwnWords(() => backend.executeSingleOutput(name, types, [data!, indices!, segmentIds!]));
    });
  }
}

function toInt64(backend: NodeKernelBackend, x: TensorInfo): Tensor {
  return cast(backend, x, 'int32', 'int64');
}

function toInt32(backend: NodeKernelBackend, x: TensorInfo): Tensor {
  return cast(backend, x, 'int64', 'int32');
}
