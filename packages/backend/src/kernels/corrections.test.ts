import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../open-backend.ts';

let backend: Backend;

beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
});
afterAll(() => backend.close());

describe('round', () => {
  it('keeps whole numbers of any size, and rounds others to even', () => {
    expect(Array.from(tf.round(tf.tensor1d([-12345678, 0, 2 ** 30 + 1], 'int32')).dataSync())).toEqual([
      -12345678,
      0,
      2 ** 30 + 1,
    ]);
    expect(Array.from(tf.round(tf.tensor1d([0.5, 1.5, -2.5])).dataSync())).toEqual([0, 2, -2]);
  });
});

describe('scatterND', () => {
  it('takes a list of indices into a vector, and adds up what meets', () => {
    const result = tf.scatterND(tf.tensor1d([1, 3, 1], 'int32'), tf.tensor1d([10, 20, 5]), [4]);
    expect(Array.from(result.dataSync())).toEqual([0, 15, 0, 20]);
  });

  it('takes rows of indices as before', () => {
    const result = tf.scatterND(
      tf.tensor2d(
        [
          [1, 0],
          [0, 1],
        ],
        [2, 2],
        'int32',
      ),
      tf.tensor1d([3, 4]),
      [2, 2],
    );
    expect(Array.from(result.dataSync())).toEqual([0, 4, 3, 0]);
  });
});

describe('multinomial', () => {
  const probabilities = () => tf.tensor1d([0.1, 0.2, 0.7]);
  const draw = (seed?: number) => Array.from(tf.multinomial(probabilities(), 2000, seed, true).dataSync());

  it('gives the same for the same seed and another for another', () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw()).not.toEqual(draw());
  });

  it('draws each outcome about as often as its probability says', () => {
    const draws = draw(42);
    // 2000 draws: four standard deviations are at most 4 * sqrt(0.25 / 2000) = 0.045.
    [0.1, 0.2, 0.7].forEach((probability, outcome) => {
      expect(Math.abs(draws.filter((value) => value === outcome).length / 2000 - probability)).toBeLessThan(0.045);
    });
  });
});
