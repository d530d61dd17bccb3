import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inOwnWords } from './error-words.ts';
import { attribute, setKernel } from './registration.ts';

/** Ops on ragged tensors, which tfjs-node does not offer. */
export function registerRagged(): void {
  setKernel('RaggedGather', ({ inputs, attrs, backend }) => {
    const { paramsNestedSplits, paramsDenseValues, indices } = inputs as unknown as {
      paramsNestedSplits: TensorInfo[];
      paramsDenseValues: TensorInfo;
      indices: TensorInfo;
    };
    const rank = paramsNestedSplits.length + indices.shape.length - 1;
    return inOwnWords(() =>
      backend.executeMultipleOutputs(
        'RaggedGather',
        [
          attribute.type('Tvalues', paramsDenseValues.dtype),
          attribute.type('Tindices', 'int32'),
          attribute.type('Tsplits', 'int32'),
          attribute.int('PARAMS_RAGGED_RANK', paramsNestedSplits.length),
          attribute.int('OUTPUT_RAGGED_RANK', attrs.outputRaggedRank as number),
        ],
        [...paramsNestedSplits, paramsDenseValues, indices],
        rank + 1,
      ),
    );
  });
  setKernel('RaggedRange', ({ inputs, backend }) => {
    const { starts, limits, deltas } = inputs;
    return inOwnWords(() =>
      backend.executeMultipleOutputs(
        'RaggedRange',
        [attribute.type('T', starts!.dtype), attribute.type('Tsplits', 'int32')],
        [starts!, limits!, deltas!],
        2,
      ),
    );
  });
  setKernel('RaggedTensorToTensor', ({ inputs, attrs, backend }) => {
    const { shape, values, defaultValue, rowPartitionTensors } = inputs as unknown as {
      shape: TensorInfo;
      values: TensorInfo;
      defaultValue: TensorInfo;
      rowPartitionTensors: TensorInfo[];
    };
    return inOwnWords(() =>
      backend.executeSingleOutput(
        'RaggedTensorToTensor',
        [
          attribute.type('T', values.dtype),
          attribute.type('Tindex', 'int32'),
          attribute.type('Tshape', 'int32'),
          attribute.int('num_row_partition_tensors', rowPartitionTensors.length),
          attribute.strings('row_partition_types', attrs.rowPartitionTypes as string[]),
        ],
        [shape, values, defaultValue, ...rowPartitionTensors],
      ),
    );
  });
}
