import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../open-backend.ts';
import { TENSORFLOW, type NodeKernelBackend } from '../tfjs-node/kernel-backend.ts';

// What these kernels compute is the matter of TensorFlow.js core's own suite: `npm run conformance`.

let backend: Backend;
const warnings: string[] = [];
const note = ({ message }: Error) => void warnings.push(message);

beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu', capture: true });
  process.on('warning', note);
});
afterAll(async () => {
  process.off('warning', note);
  await backend.close();
});

const handles = () => (tf.findBackend(TENSORFLOW) as NodeKernelBackend).binding.getNumOfTensors();

/** The values of a step's result, which must have been captured. */
async function captured(step: (x: Tensor) => Tensor, x: Tensor): Promise<number[]> {
  const compiled = backend.compile(step);
  const result = await compiled(x);
  compiled.dispose();
  await new Promise(setImmediate);
  expect(warnings.splice(0)).toEqual([]);
  return Array.from(await result.data()).map((value) => Math.fround(value));
}

describe('kernels that go through types TensorFlow.js does not have', () => {
  it.each([
    ['stringSplit', () => tf.string.stringSplit(['a b', 'c'], ' ')['values']!],
    ['stringToHashBucketFast', () => tf.string.stringToHashBucketFast(['a', 'b'], 5)],
    [
      'sparseReshape',
      () =>
        tf.sparse.sparseReshape(
          [
            [0, 0],
            [1, 2],
          ],
          [2, 3],
          [3, 2],
        )['outputIndices']!,
    ],
    ['tan', () => tf.tan([0.5, 1])],
  ] as const)('%s frees what is not its result', (_, work) => {
    const before = handles();
    tf.tidy(() => work().dataSync());
    expect(handles()).toBe(before);
  });

  it('free everything where TensorFlow refuses, and say in the words of TensorFlow.js why', () => {
    const before = handles();
    expect(() => tf.tidy(() => tf.sparse.sparseReshape([[0, 0]], [2, 3], [-7, 1]))).toThrow(
      'size 0 must be non-negative, not -7',
    );
    expect(handles()).toBe(before);
  });

  it('can be captured', async () => {
    expect(await captured((x) => tf.tan(x), tf.tensor1d([0.5, 1]))).toEqual(
      [Math.tan(0.5), Math.tan(1)].map(Math.fround),
    );
  });
});

describe('gather', () => {
  it('by computed indices can be captured', async () => {
    const table = tf.tensor2d([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(
      await captured(
        (x) => tf.gather(table, tf.cast(tf.argMax(x, 1), 'int32')),
        tf.tensor2d([
          [0, 0, 1],
          [1, 0, 0],
        ]),
      ),
    ).toEqual([5, 6, 1, 2]);
  });

  it('says which index is out of bounds', () => {
    expect(() =>
      tf.gather(
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
        tf.tensor1d([0, 2], 'int32'),
      ),
    ).toThrow('GatherV2: the index value 2 is not in [0, 1]');
  });
});

describe('padding in numbers', () => {
  it('is that of a convolution of the padded image', () => {
    const image = tf.tensor4d(
      Array.from({ length: 2 * 5 * 4 * 2 }, (_, i) => Math.sin(i)),
      [2, 5, 4, 2],
    );
    const filter = tf.tensor4d(
      Array.from({ length: 3 * 3 * 2 * 2 }, (_, i) => Math.cos(i)),
      [3, 3, 2, 2],
    );
    const padded = tf.pad(image, [
      [0, 0],
      [2, 2],
      [2, 2],
      [0, 0],
    ]);
    for (const convolution of [tf.conv2d, tf.depthwiseConv2d]) {
      const actual = convolution(image, filter, 2, 2).dataSync();
      const expected = convolution(padded, filter, 2, 'valid').dataSync();
      // Sums of at most 18 products of size 1 in single precision.
      expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5);
      expect(actual.length).toBe(expected.length);
    }
  });

  it('is refused where the size of the output is to be rounded up', () => {
    const [image, filter] = [tf.zeros<tf.Rank.R4>([1, 4, 4, 1]), tf.zeros<tf.Rank.R4>([3, 3, 1, 1])];
    expect(() => tf.conv2d(image, filter, 2, 1, 'NHWC', 1, 'ceil')).toThrow('rounded by ceil');
  });

  it('of a pool counts for nothing: the average of each window is that of its cells', () => {
    const y = tf.avgPool(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), 2, 1, 1);
    expect(Array.from(y.dataSync())).toEqual([1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4]);
  });
});

describe('strings', () => {
  it('are in the order of their code points', () => {
    const [a, b] = [tf.tensor2d([['a'], ['é']], [2, 1], 'string'), tf.tensor1d(['Z', 'z', '\u{1F600}'], 'string')];
    expect(Array.from(tf.less(a, b).dataSync())).toEqual([0, 1, 1, 0, 0, 1]);
  });
});
