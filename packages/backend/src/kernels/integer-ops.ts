import { scalar, type TensorInfo } from '@tensorflow/tfjs-core';
import { attribute, setKernel } from './registration.ts';

/** Ops on whole numbers that TensorFlow has and tfjs-node does not offer. */
export function registerIntegerOps(): void {
  setKernel('BitwiseAnd', ({ inputs: { a, b }, backend }) =>
    backend.executeSingleOutput('BitwiseAnd', [attribute.type('T', 'int32')], [a!, b!]),
  );
  setKernel('DenseBincount', ({ inputs: { x, weights }, attrs, backend }) => {
    const size = scalar(attrs.size as number, 'int32');
    try {
      return backend.executeSingleOutput(
        'DenseBincount',
        [
          attribute.type('Tidx', x!.dtype),
          attribute.type('T', weights!.dtype),
          attribute.bool('binary_output', Boolean(attrs.binaryOutput)),
        ],
        [x!, size, weights!],
      );
    } finally {
      size.dispose();
    }
  });
  setKernel('SearchSorted', ({ inputs, attrs, backend }) => {
    const { sortedSequence, values } = inputs as Record<'sortedSequence' | 'values', TensorInfo>;
    return backend.executeSingleOutput(
      attrs.side === 'left' ? 'LowerBound' : 'UpperBound',
      [attribute.type('T', sortedSequence.dtype), attribute.type('out_type', 'int32')],
      [sortedSequence, values],
    );
  });
}
