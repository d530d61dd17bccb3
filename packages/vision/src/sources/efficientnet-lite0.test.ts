import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { createArtifacts, silentProgress, type SourceRuntime } from '@headstart/core';
import { runStages, type Backbone, type Tensors } from '@headstart/core/network';
import { checkBackbone } from '@headstart/core/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { efficientNetLite0 } from './efficientnet-lite0.ts';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const SIZE = 224;

interface Golden {
  readonly pooled: number[];
  readonly logits: number[];
  readonly argmax: number;
}

/** The golden values' input, `[1, 224, 224, 3]`: (sin(0.05 i + 0.3 c) + cos(0.07 j - 0.2 c)) / 2. */
function goldenInput(): tf.Tensor {
  const values = Float32Array.from({ length: SIZE * SIZE * 3 }, (_, index) => {
    const [i, j, c] = [Math.floor(index / (SIZE * 3)), Math.floor(index / 3) % SIZE, index % 3];
    return (Math.sin(0.05 * i + 0.3 * c) + Math.cos(0.07 * j - 0.2 * c)) / 2;
  });
  return tf.tensor(values, [1, SIZE, SIZE, 3]);
}

function largestDifference(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  return Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)));
}

function features(backbone: Backbone, image: tf.Tensor): Tensors {
  return runStages(backbone.stages, { image });
}

/** On wasm; training on libtensorflow is checked where packages meet, in `tests/`. */
describe('efficientnet-lite0', () => {
  let tensors = 0;
  beforeAll(async () => {
    await tf.setBackend('wasm');
    tensors = tf.memory().numTensors;
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

  it("gives the published network's features and logits", async () => {
    const golden = JSON.parse(
      await readFile(new URL('fixtures/efficientnet-lite0.json', import.meta.url), 'utf8'),
    ) as Golden;
    const backbone = await efficientNetLite0.open(runtime, { weights: 'published' });
    const { pooled, logits } = tf.tidy(() => {
      const outputs = features(backbone, goldenInput());
      const { logits } = backbone.sourceHead!.stage.forward(outputs, { training: false });
      return { pooled: outputs['pooled']!.dataSync(), logits: logits!.dataSync() };
    });
    const differences = {
      features: largestDifference(pooled, golden.pooled),
      logits: largestDifference(logits, golden.logits),
    };
    console.log('largest absolute difference to PyTorch:', differences);
    // Both sides compute in single precision; sums of up to 1280 products are added up in another order.
    expect(differences.features).toBeLessThan(1e-3);
    expect(differences.logits).toBeLessThan(1e-3);
    expect(logits.indexOf(Math.max(...logits))).toBe(golden.argmax);
    backbone.dispose();
  });

  it('keeps what every source must keep', async () => {
    await checkBackbone(efficientNetLite0, {
      open: (options) => efficientNetLite0.open(runtime, options),
      weights: 'published',
      trains: false,
    });
  });

  it('normalises by the batch while it trains and moves the averages as PyTorch does', async () => {
    const backbone = await efficientNetLite0.open(runtime, { weights: 'none' });
    const stem = backbone.stages[0]!;
    const [kernel, , , mean, variance] = stem.variables.map(({ value }) => value);
    tf.tidy(() => {
      // Filter 0 passes on what its corner (0, 0) reads of the red channel; the others give zero.
      kernel!.assign(
        tf.tensor(
          Float32Array.from({ length: kernel!.size }, (_, i) => (i === 0 ? 1 : 0)),
          kernel!.shape,
        ),
      );
      const image = goldenInput();
      stem.forward({ image }, { training: true });
      // "Same" padding at stride 2 and size 224 pads after only: the corner reads the even rows and columns.
      const red = Array.from(tf.stridedSlice(image, [0, 0, 0, 0], [1, SIZE, SIZE, 1], [1, 2, 2, 1]).dataSync());
      const n = red.length;
      const average = red.reduce((sum, value) => sum + value, 0) / n;
      const unbiased = red.reduce((sum, value) => sum + (value - average) ** 2, 0) / (n - 1);
      expect(mean!.dataSync()[0]).toBeCloseTo(0.01 * average, 6);
      expect(variance!.dataSync()[0]).toBeCloseTo(0.99 + 0.01 * unbiased, 6);
    });
    backbone.dispose();
  });

  it('counts the parameters of the published network', async () => {
    const backbone = await efficientNetLite0.open(runtime, { weights: 'published' });
    const stages = [...backbone.stages, backbone.sourceHead!.stage];
    const weights = stages.flatMap(({ variables }) => variables).filter(({ role }) => role === 'weight');
    expect(efficientNetLite0.card.parameters).toBe(weights.reduce((sum, { value }) => sum + value.size, 0));
    backbone.dispose();
  });
});
