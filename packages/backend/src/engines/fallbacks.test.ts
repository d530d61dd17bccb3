import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import { openBackend } from '../open-backend.ts';
import { values } from '../testing/gradient-checks.ts';

let backend: Backend | undefined;

afterEach(async () => {
  await backend?.close();
  backend = undefined;
});

/** Three classes of features, each around a centre of its own: 60 samples of 8 numbers. */
function features(): { x: tf.Tensor2D; y: tf.Tensor2D; labels: number[] } {
  const labels = Array.from({ length: 60 }, (_, i) => i % 3);
  const centres = values([3, 8], 1).values;
  const noise = values([60, 8], 2).values.map((value) => value * 0.4);
  const x = tf.tensor2d(
    noise.map((value, i) => value + centres[labels[Math.floor(i / 8)]! * 8 + (i % 8)]!),
    [60, 8],
  );
  return { x, y: tf.oneHot(tf.tensor1d(labels, 'int32'), 3) as tf.Tensor2D, labels };
}

/** Images with a bright row or a bright column somewhere: only a filter that learns the direction tells them apart. */
function lines(): { x: tf.Tensor4D; y: tf.Tensor2D; labels: number[] } {
  const labels = Array.from({ length: 32 }, (_, i) => i % 2);
  const pixels = new Float32Array(32 * 64);
  labels.forEach((label, i) => {
    for (let k = 0; k < 8; k++) pixels[i * 64 + (label ? k * 8 + ((i * 3) % 8) : ((i * 3) % 8) * 8 + k)] = 1;
  });
  return {
    x: tf.tensor4d(pixels, [32, 8, 8, 1]),
    y: tf.oneHot(tf.tensor1d(labels, 'int32'), 2) as tf.Tensor2D,
    labels,
  };
}

function accuracy(logits: tf.Tensor, labels: number[]): number {
  const predicted = tf.argMax(logits, 1).dataSync();
  return labels.filter((label, i) => predicted[i] === label).length / labels.length;
}

function trainHead(steps: number): number {
  const { x, y, labels } = features();
  const weights = tf.variable(tf.zeros([8, 3]));
  const bias = tf.variable(tf.zeros([3]));
  const logits = () => tf.add(tf.matMul(x, weights as tf.Tensor2D), bias);
  const optimiser = tf.train.adam(0.1);
  for (let step = 0; step < steps; step++)
    optimiser.minimize(() => tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(y, logits()));
  return accuracy(logits(), labels);
}

function trainConvolution(steps: number): number {
  const { x, y, labels } = lines();
  const filter = tf.variable(
    tf.tensor4d(
      values([3, 3, 1, 4], 3).values.map((value) => value * 0.3),
      [3, 3, 1, 4],
    ),
  );
  const weights = tf.variable(tf.tensor2d(values([4, 2], 4).values, [4, 2]));
  const logits = () =>
    tf.matMul(tf.max<tf.Tensor2D>(tf.relu(tf.conv2d(x, filter as tf.Tensor4D, 1, 'valid')), [1, 2]), weights);
  const optimiser = tf.train.adam(0.05);
  for (let step = 0; step < steps; step++)
    optimiser.minimize(() => tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(y, logits()));
  return accuracy(logits(), labels);
}

describe('wasm', () => {
  it('trains a head on features and says that it cannot train convolutions', async () => {
    backend = await openBackend({ prefer: 'wasm' });
    expect(tf.getBackend()).toBe('wasm');
    expect(backend).toMatchObject({
      name: 'wasm',
      device: 'cpu',
      reason: expect.stringContaining('cannot train convolutions') as unknown,
    });
    expect(trainHead(40)).toBe(1);
    expect(tf.getKernel('Conv2D', 'wasm')).toBeDefined();
    expect(tf.getKernel('Conv2DBackpropFilter', 'wasm')).toBeUndefined();
  });
});

describe('plain JavaScript', () => {
  it('trains a head on features', async () => {
    backend = await openBackend({ prefer: 'cpu' });
    expect(tf.getBackend()).toBe('cpu');
    expect(trainHead(40)).toBe(1);
  });

  it('trains a convolution', async () => {
    backend = await openBackend({ prefer: 'cpu' });
    expect(tf.getKernel('Conv2DBackpropFilter', 'cpu')).toBeDefined();
    expect(trainConvolution(60)).toBe(1);
  });
});

describe('libtensorflow', () => {
  it('trains the same convolution', async () => {
    backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
    expect(trainConvolution(60)).toBe(1);
  });
});
