import '@tensorflow/tfjs'; // gradients and the plain-JavaScript backend
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { batchNormTrain } from './batch-norm.ts';

const EPSILON = 1e-3;

function normal(shape: number[], name: string): tf.Tensor {
  const random = new RandomStream(name);
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => 1.5 * random.normal() + 0.3),
    shape,
  );
}

describe('batchNormTrain', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('normalises by the mean and the biased variance over all axes but the last', () => {
    // One channel with 1, 2, 3, 6: mean 3, variance (4 + 1 + 0 + 9) / 4 = 3.5.
    const { y, batchMean, batchVariance } = batchNormTrain(
      tf.tensor4d([1, 2, 3, 6], [2, 2, 1, 1]),
      tf.tensor1d([2]),
      tf.tensor1d([0.5]),
      0.5,
    );
    expect(Array.from(batchMean.dataSync())).toEqual([3]);
    expect(Array.from(batchVariance.dataSync())).toEqual([3.5]);
    // sqrt(3.5 + 0.5) = 2, so y = (x - 3) + 0.5.
    [...y.dataSync()].forEach((value, i) => expect(value).toBeCloseTo([-1.5, -0.5, 0.5, 3.5][i]!, 5));
  });

  it('has the gradients that automatic differentiation of the plain formula has', () => {
    const x = normal([3, 4, 5, 2], 'x');
    const gamma = normal([2], 'gamma');
    const beta = normal([2], 'beta');
    const weight = normal([3, 4, 5, 2], 'weight');
    const plain = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Scalar => {
      const { mean, variance } = tf.moments(x, [0, 1, 2]);
      const y = tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, EPSILON))), gamma), beta);
      return tf.sum(tf.mul(y, weight));
    };
    const ours = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Scalar =>
      tf.sum(tf.mul(batchNormTrain(x, gamma, beta, EPSILON).y, weight));
    const expected = tf.grads(plain)([x, gamma, beta]);
    const actual = tf.grads(ours)([x, gamma, beta]);
    actual.forEach((gradient, i) => {
      // Two orders of summation in single precision over 60 values of size 1.
      expect(tf.max(tf.abs(tf.sub(gradient, expected[i]!))).dataSync()[0]).toBeLessThan(2e-5);
    });
  });

  it('owns what it makes', () => {
    const [x, gamma, beta] = [normal([2, 3, 3, 4], 'a'), normal([4], 'b'), normal([4], 'c')];
    const before = tf.memory().numTensors;
    const result = batchNormTrain(x, gamma, beta, EPSILON);
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose([result.y, result.batchMean, result.batchVariance]);
    tf.tidy(() => {
      tf.grads((x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor) => tf.sum(batchNormTrain(x, gamma, beta, EPSILON).y))([
        x,
        gamma,
        beta,
      ]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
