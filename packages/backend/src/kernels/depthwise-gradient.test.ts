import * as tf from '@tensorflow/tfjs-core';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '@headstart/core/backend';
import { openBackend } from '../open-backend.ts';

let backend: Backend;

beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
});
afterAll(() => backend.close());

/** Sums x * dy over every position that a filter's element meets. */
function byDefinition(x: Tensor4D, dy: Tensor4D, size: number, stride: number, pad: number): number[] {
  const [batch, height, width, channels] = x.shape;
  const [, rows, columns] = dy.shape;
  const [xs, dys] = [x.dataSync(), dy.dataSync()];
  const gradient = new Float64Array(size * size * channels);
  for (let n = 0; n < batch; n++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        for (let i = 0; i < size * size; i++) {
          const y = row * stride + Math.floor(i / size) - pad;
          const z = column * stride + (i % size) - pad;
          if (y < 0 || z < 0 || y >= height || z >= width) continue;
          for (let c = 0; c < channels; c++) {
            gradient[i * channels + c]! +=
              xs[((n * height + y) * width + z) * channels + c]! *
              dys[((n * rows + row) * columns + column) * channels + c]!;
          }
        }
      }
    }
  }
  return [...gradient];
}

describe('the gradient of a depthwise filter', () => {
  // The padding on the left that `same` comes to: (size - 1) / 2 at stride 1; at stride 2 an even side needs one less in all.
  it.each([
    { size: 5, stride: 1, pad: 'same' as const, left: 2, side: 6 },
    { size: 5, stride: 2, pad: 'same' as const, left: 1, side: 6 },
    { size: 7, stride: 1, pad: 'valid' as const, left: 0, side: 9 },
    { size: 3, stride: 1, pad: 'same' as const, left: 1, side: 6 },
  ])(
    'is the sum over positions for a filter of $size, stride $stride and padding $pad',
    ({ size, stride, pad, left, side }) => {
      tf.tidy(() => {
        const x = tf.randomNormal<tf.Rank.R4>([3, side, side, 20], 0, 1, 'float32', 1);
        const filter = tf.zeros<tf.Rank.R4>([size, size, 20, 1]);
        const y = tf.depthwiseConv2d(x, filter, stride, pad);
        const dy = tf.randomNormal<tf.Rank.R4>(y.shape, 0, 1, 'float32', 2);
        const gradient = tf.grad((f: tf.Tensor) =>
          tf.sum(tf.mul(tf.depthwiseConv2d(x, f as Tensor4D, stride, pad), dy)),
        )(filter);
        const expected = byDefinition(x, dy, size, stride, left);
        // At most 3 * 36 products of a few units each, summed in float32.
        const worst = Math.max(...[...gradient.dataSync()].map((value, i) => Math.abs(value - expected[i]!)));
        expect(worst).toBeLessThan(1e-4);
        expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1);
      });
    },
  );
});
