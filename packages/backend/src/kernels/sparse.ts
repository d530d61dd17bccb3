import type { TensorMetadata } from '../libtensorflow/binding.ts';
import { inOwnWords } from './error-words.ts';
import { attribute, setKernel } from './registration.ts';
import { withWideTypes, type WideOps } from './wide-types.ts';

/** Ops on sparse tensors, which tfjs-node does not offer. TensorFlow wants their indices as int64. */
export function registerSparse(): void {
  setKernel('SparseFillEmptyRows', ({ inputs, backend }) => {
    const { indices, values, denseShape, defaultValue } = inputs;
    return withWideTypes(backend, (ops) => {
      const given = [
        toInt64(ops, ops.id(indices!)),
        ops.id(values!),
        toInt64(ops, ops.id(denseShape!)),
        ops.id(defaultValue!),
      ];
      const [rows, filled, empty, reverse] = inOwnWords(() =>
        ops.run('SparseFillEmptyRows', [attribute.type('T', values!.dtype)], given, 4),
      );
      return [toInt32(ops, rows!), filled!, empty!, toInt32(ops, reverse!)];
    });
  });
  setKernel('SparseReshape', ({ inputs: { inputIndices, inputShape, newShape }, backend }) =>
    withWideTypes(backend, (ops) => {
      const given = [inputIndices!, inputShape!, newShape!].map((input) => toInt64(ops, ops.id(input)));
      return inOwnWords(() => ops.run('SparseReshape', [], given, 2)).map((output) => toInt32(ops, output));
    }),
  );
  for (const name of ['SparseSegmentMean', 'SparseSegmentSum']) {
    setKernel(name, ({ inputs, backend }) => {
      const { data, indices, segmentIds } = inputs;
      const types = [
        attribute.type('T', data!.dtype),
        attribute.type('Tidx', 'int32'),
        attribute.type('Tsegmentids', 'int32'),
      ];
      return inOwnWords(() => backend.executeSingleOutput(name, types, [data!, indices!, segmentIds!]));
    });
  }
}

function toInt64(ops: WideOps, id: number): number {
  return ops.cast(id, 'int32', 'int64').id;
}

function toInt32(ops: WideOps, { id }: TensorMetadata): TensorMetadata {
  return ops.cast(id, 'int64', 'int32');
}
