import * as tf from '@tensorflow/tfjs';
import { HeadstartError, RandomStream, silentProgress, type SourceRuntime } from '@headstart/core';
import { runStages } from '@headstart/core/network';
import { checkBackbone } from '@headstart/core/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { smallCnn, smallCnnScheme } from './small-cnn.ts';

/** The network needs no file: asking for one is a failure. */
const runtime: SourceRuntime = {
  artifacts: {
    file: () => Promise.reject(new Error('small-cnn asked for a file')),
    package: () => Promise.reject(new Error('small-cnn asked for a package')),
  },
  progress: silentProgress,
};

describe('small-cnn', () => {
  let tensors = 0;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    tensors = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

  it('turns one channel into 16 on a 28 x 28 picture', async () => {
    const backbone = await smallCnnScheme.resolve('28x28x1').open(runtime, { weights: 'none' });
    const shapes = tf.tidy(() => {
      let outputs: Readonly<Record<string, tf.Tensor>> = { image: tf.zeros([1, 28, 28, 1]) };
      return backbone.stages.map((stage) => {
        outputs = stage.forward(outputs, { training: false });
        return Object.values(outputs).map(({ shape }) => shape);
      });
    });
    expect(shapes).toEqual([[[1, 28, 28, 16]], [[1, 14, 14, 32]], [[1, 7, 7, 64]], [[1, 128]]]);
    backbone.dispose();
  });

  it('computes convolution, max pooling, average pooling and a fully connected layer', async () => {
    const backbone = await smallCnnScheme.resolve('8x8x1').open(runtime, { weights: 'none' });
    const values = (name: string, fill: (index: number) => number) => {
      const { value } = backbone.stages
        .flatMap(({ variables }) => variables)
        .find((variable) => variable.name === name)!;
      tf.tidy(() =>
        value.assign(
          tf.tensor(
            Float32Array.from({ length: value.size }, (_, i) => fill(i)),
            value.shape,
          ),
        ),
      );
    };
    // Each convolution passes channel 0 on (the kernel's centre, first input to first output), plus a bias of 1.
    values('conv1.weight', (i) => (i === 4 * 16 ? 1 : 0));
    values('conv2.weight', (i) => (i === 4 * 16 * 32 ? 1 : 0));
    values('conv3.weight', (i) => (i === 4 * 32 * 64 ? 1 : 0));
    for (const layer of ['conv1', 'conv2', 'conv3']) values(`${layer}.bias`, (i) => (i === 0 ? 1 : 0));
    values('dense.weight', (i) => (i === 0 ? 10 : 0));
    const image = tf.tensor(
      Float32Array.from({ length: 64 }, (_, i) => i),
      [1, 8, 8, 1],
    );
    const pooled = tf.tidy(() => runStages(backbone.stages, { image })['pooled']!.dataSync()[0]!);
    // Two max poolings of size 2 keep the last pixel of each 4 x 4 block: 27, 31, 59, 63, mean 45. Biases add 3.
    expect(pooled).toBe(10 * (45 + 3));
    image.dispose();
    backbone.dispose();
  });

  it('keeps what every source must keep', async () => {
    // Plain JavaScript is slow: the training checks take a small input here, the default one in `tests/`.
    await checkBackbone(smallCnn, { open: (options) => smallCnn.open(runtime, options), trains: false });
    const grey = smallCnnScheme.resolve('12x8x1');
    await checkBackbone(grey, { open: (options) => grey.open(runtime, options) });
  });

  it('counts its parameters', async () => {
    for (const source of [smallCnn, smallCnnScheme.resolve('28x20x1')]) {
      const backbone = await source.open(runtime, { weights: 'none' });
      const size = backbone.stages
        .flatMap(({ variables }) => variables)
        .reduce((sum, { value }) => sum + value.size, 0);
      expect(source.card.parameters).toBe(size);
      backbone.dispose();
    }
  });

  it('draws He normal kernels', async () => {
    const backbone = await smallCnn.open(runtime, { weights: 'none' });
    const stage = backbone.stages[2]!;
    stage.initialise(new RandomStream(7));
    const kernel = stage.variables[0]!.value;
    // Variance 2 / (3 x 3 x 32) = 0.00694; over 18,432 draws its estimate has a standard error of 1%.
    const variance = tf.tidy(() => tf.moments(kernel).variance.dataSync()[0]!);
    expect(Math.abs(variance / (2 / 288) - 1)).toBeLessThan(0.05);
    backbone.dispose();
  });

  it('names what is wrong with a size', () => {
    for (const rest of ['28x28', '28x28x2', '4x28x1', '28x4096x3', 'big']) {
      expect(() => smallCnnScheme.resolve(rest)).toThrow(
        expect.objectContaining({
          code: 'invalid-option',
          hint: expect.stringContaining('28x28x1') as string,
        }) as HeadstartError,
      );
    }
  });

  it('has no published weights to give', async () => {
    await expect(smallCnn.open(runtime, { weights: 'published' })).rejects.toMatchObject({ code: 'not-supported' });
  });
});
