import { backend_util, scalar, type TensorInfo } from '@tensorflow/tfjs-core';
import { inOwnWords } from './error-words.ts';
import { attribute, setKernel } from './registration.ts';

/**
 * GatherV2 without reading its indices, which tfjs-node does to check them: such a step could not be
 * captured. TensorFlow checks them itself on a CPU; on a GPU an index that is out of bounds gives zeros.
 */
export function registerGather(): void {
  setKernel('GatherV2', ({ inputs, attrs, backend }) => {
    const { x, indices } = inputs as Record<'x' | 'indices', TensorInfo>;
    const { axis, batchDims } = attrs as { axis: number; batchDims: number };
    backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, batchDims);
    const axisTensor = scalar(axis, 'int32');
    const attributes = [
      attribute.int('batch_dims', batchDims),
      attribute.type('Tparams', x.dtype),
      attribute.type('Tindices', indices.dtype),
      attribute.type('Taxis', 'int32'),
    ];
    try {
      return inOwnWords(() => backend.executeSingleOutput('GatherV2', attributes, [x, indices, axisTensor]), wording);
    } finally {
      axisTensor.dispose();
    }
  });
}

function wording(complaint: string): string {
  const found = /^indices\[.*\] = (?<index>-?\d+) is not in \[0, (?<size>\d+)\)$/.exec(complaint)?.groups;
  return found ? `GatherV2: the index value ${found.index} is not in [0, ${Number(found.size) - 1}]` : complaint;
}
