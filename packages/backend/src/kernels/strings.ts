import { backend_util, tensor, tensor1d, tidy, type KernelFunc, type Tensor } from '@tensorflow/tfjs-core';
import type { NodeKernelBackend } from '../tfjs-node/kernel-backend.ts';
import { attribute, setKernel } from './registration.ts';
import { withWideTypes } from './wide-types.ts';

/** Ops on strings, which tfjs-node does not offer. */
export function registerStrings(): void {
  setKernel('StringNGrams', ({ inputs: { data, dataSplits }, attrs, backend }) => {
    const { separator, nGramWidths, leftPad, rightPad, padWidth, preserveShortSequences } = attrs as {
      separator: string;
      nGramWidths: number[];
      leftPad: string;
      rightPad: string;
      padWidth: number;
      preserveShortSequences: boolean;
    };
    return backend.executeMultipleOutputs(
      'StringNGrams',
      [
        attribute.string('separator', separator),
        attribute.ints('ngram_widths', nGramWidths),
        attribute.string('left_pad', leftPad),
        attribute.string('right_pad', rightPad),
        attribute.int('pad_width', padWidth),
        attribute.bool('preserve_short_sequences', preserveShortSequences),
        attribute.type('Tsplits', 'int32'),
      ],
      [data!, dataSplits!],
      2,
    );
  });
  setKernel('StringSplit', ({ inputs: { input, delimiter }, attrs, backend }) =>
    withWideTypes(backend, ({ id, run, cast }) => {
      const skipEmpty = attribute.bool('skip_empty', attrs.skipEmpty as boolean);
      const [indices, values, shape] = run('StringSplit', [skipEmpty], [id(input!), id(delimiter!)], 3);
      return [cast(indices!.id, 'int64', 'int32'), values!, cast(shape!.id, 'int64', 'int32')];
    }),
  );
  setKernel('StringToHashBucketFast', ({ inputs: { input }, attrs, backend }) => {
    const [buckets] = withWideTypes(backend, ({ id, run, cast }) => {
      const [wide] = run(
        'StringToHashBucketFast',
        [attribute.int('num_buckets', attrs.numBuckets as number)],
        [id(input!)],
      );
      return [cast(wide!.id, 'int64', 'int32')];
    });
    return buckets!;
  });
  registerComparison('Greater', (order) => order > 0);
  registerComparison('GreaterEqual', (order) => order >= 0);
  registerComparison('Less', (order) => order < 0);
  registerComparison('LessEqual', (order) => order <= 0);
}

/** TensorFlow compares strings for equality only. Their order is that of their bytes in UTF-8, which is that of code points. */
function registerComparison(name: string, holds: (order: number) => boolean): void {
  const previous = setKernel(name, (call) => {
    const { a, b } = call.inputs as Record<'a' | 'b', Tensor>;
    if (a.dtype !== 'string' || b.dtype !== 'string') return (previous as KernelFunc)(call as never);
    return tidy(() => {
      const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
      const [left, right] = [stringsOf(call.backend, a, shape), stringsOf(call.backend, b, shape)];
      return tensor(
        Uint8Array.from(left, (bytes, i) => (holds(Buffer.compare(bytes, right[i]!)) ? 1 : 0)),
        shape,
        'bool',
      );
    });
  });
}

/** The strings of a tensor, as bytes, repeated to the shape. */
function stringsOf(backend: NodeKernelBackend, x: Tensor, shape: number[]): Uint8Array[] {
  const types = [attribute.type('T', 'string'), attribute.type('Tidx', 'int32')];
  const repeated = backend.executeSingleOutput('BroadcastTo', types, [x, tensor1d(shape, 'int32')]);
  return backend.readSync(repeated.dataId) as unknown as Uint8Array[];
}
