import { openBackend } from '@headstart/backend';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { elementwise } from './fixtures/differentiable-ops.ts';
import { softwareVulkan, webGpuTitle } from '../tools/workspace/software-vulkan.ts';

/** Of the largest number of an output. */
const TOLERANCE = 1e-5;

const numbered = (...shape: number[]) => tf.reshape(tf.range(0, tf.util.sizeFromShape(shape)), shape);
const spread = (...shape: number[]) => tf.reshape(tf.linspace(-1, 1, tf.util.sizeFromShape(shape)), shape);
const integers = (values: number[], ...shape: number[]) =>
  tf.tensor<tf.Rank.R2>(values, shape as [number, number], 'int32');

/** What TensorFlow.js's kernels had wrong, or what they left to the driver. */
const mended: Readonly<Record<string, () => tf.Tensor>> = {
  'cumsum backwards': () => tf.cumsum([1, 2, 3, 4, 5], 0, false, true),
  'cumsum backwards, of another length': () => tf.cumsum(numbered(2, 3), 1, false, true),
  'cumsum of a middle axis, of integers': () => tf.cumsum(tf.cast(numbered(2, 3, 4), 'int32'), 1, true),
  'an integer transpose': () => tf.transpose(tf.cast(numbered(2, 3, 4, 5), 'int32'), [3, 1, 0, 2]),
  'a transpose of booleans': () => tf.transpose(tf.greater(spread(2, 3, 4), 0), [2, 0, 1]),
  'cumprod backwards, without the number itself': () => tf.cumprod([1, 2, 3, 4, 5, 6, 7], 0, true, true),
  'the gradient of prod': () => tf.grad((x) => tf.prod(x, 1))(tf.tensor([1, 2, 0, 4, 5, 6], [2, 3])),
  'bincount of three axes': () => tf.bincount(integers([0, 1, 1, 2, 9, 3], 1, 2, 3) as never, tf.tensor1d([]), 4),
  'bincount with weights': () =>
    tf.bincount(integers([0, 1, 1, 2, 9, 3], 6) as never, tf.tensor1d([1, 2, 4, 8, 16, 32]), 4),
  'denseBincount of two rows': () => tf.denseBincount(integers([0, 1, 1, 2, 2, 2], 2, 3), tf.tensor2d([], [0, 0]), 3),
  'a bias of channels-first images': () =>
    tf.fused.conv2d({
      x: numbered(1, 2, 4, 4) as tf.Tensor4D,
      filter: spread(3, 3, 2, 3) as tf.Tensor4D,
      strides: 1,
      pad: 'same',
      dataFormat: 'NCHW',
      bias: tf.tensor1d([1, 20, 300]),
      activation: 'relu',
    }),
  'a bias of one number': () =>
    tf.fused.conv2d({
      x: numbered(1, 4, 4, 2) as tf.Tensor4D,
      filter: spread(3, 3, 2, 4) as tf.Tensor4D,
      strides: 1,
      pad: 'same',
      bias: tf.scalar(7),
    }),
  'softmax of many numbers': () => tf.softmax(tf.mul(spread(2, 500), 20)),
  'softmax of many rows': () => tf.softmax(tf.mul(spread(70_000, 2), 20)),
  'softmax of few': () =>
    tf.softmax([
      [1, 2],
      [-1e30, 0],
      [Infinity, 0],
    ]),
  'softmax of NaN': () =>
    tf.softmax([
      [1, NaN, 3],
      [1, 2, 3],
    ]),
  'a pool of NaN': () => tf.isNaN(tf.maxPool(tf.tensor4d([NaN, 1, 2, 3, 4, 5, 6, NaN], [1, 2, 4, 1]), 2, 2, 'valid')),
  'the larger and the smaller of NaN': () => tf.isNaN(tf.stack([tf.maximum([NaN, 1], 0), tf.minimum(0, [NaN, 1])])),
  'NaN within bounds': () => tf.isNaN(tf.clipByValue([NaN, 1], 0, 1)),
  'the largest of NaN': () => tf.isNaN(tf.stack([tf.max([NaN, 1]), tf.min([1, NaN]), tf.max([1, 2])])),
  'the ends of functions': () =>
    tf.stack([
      tf.acosh([0.5, 1, Infinity]),
      tf.atanh([-1, 1, 2]),
      tf.log([-1, 0, Infinity]),
      tf.sigmoid([-200, 200, 0]),
    ]),
};

it.skipIf(!softwareVulkan())(
  webGpuTitle(
    'what TensorFlow.js has wrong on WebGPU is right, NaN is kept, and values are read of what is disposed of meanwhile',
  ),
  async () => {
    Object.assign(process.env, softwareVulkan());
    const expected = await valuesOf('libtensorflow');
    const found = await valuesOf('webgpu');
    expect(Object.keys(found)).toEqual(Object.keys(expected));
    const wrong = Object.entries(expected).flatMap(([name, values]) => {
      const most = TOLERANCE * Math.max(1, ...values.slice(0, 1000).filter(Number.isFinite).map(Math.abs));
      const at = values.findIndex((value, i) => !isClose(value, found[name]![i]!, most));
      return at < 0 ? [] : [`${name}: ${found[name]![at]} for ${values[at]}`];
    });
    expect(wrong).toEqual([]);
  },
  120_000,
);

const isClose = (a: number, b: number, most: number) => Object.is(a, b) || Math.abs(a - b) <= most;

async function valuesOf(prefer: 'libtensorflow' | 'webgpu'): Promise<Record<string, readonly number[]>> {
  const backend = await openBackend({ prefer, device: 'cpu' });
  try {
    if (prefer === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
    const reading = Object.entries({ ...mended, ...keepingNaN() }).map(async ([name, f]) => {
      const result = tf.tidy(f);
      const values = result.data();
      // Disposed of while it is being read.
      result.dispose();
      return [name, [...(await values)]] as const;
    });
    const read = Object.fromEntries(await Promise.all(reading));
    expect(tf.memory().numTensors).toBe(0);
    return read;
  } finally {
    await backend.close();
  }
}

/** Each function of one tensor, of NaN. */
function keepingNaN(): Record<string, () => tf.Tensor> {
  const names = Object.keys(elementwise) as 'exp'[];
  return Object.fromEntries(
    names.map((name) => [`${name} of NaN`, () => tf.isNaN(tf[name](tf.tensor1d([NaN, 1, NaN])))]),
  );
}
