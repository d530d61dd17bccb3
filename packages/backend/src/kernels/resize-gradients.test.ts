import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../open-backend.ts';
import { directionalDerivatives, gradientsOn, values } from '../testing/gradient-checks.ts';
import { TENSORFLOW } from '../tfjs-node/kernel-backend.ts';

let backend: Backend;

beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
});
afterAll(() => backend.close());

const inputs = [values([1, 4, 5, 2], 1)];
const weights = values([1, 9, 7, 2], 2);

describe.each([
  { alignCorners: false, halfPixelCenters: true },
  { alignCorners: false, halfPixelCenters: false },
  { alignCorners: true, halfPixelCenters: false },
])('the gradient of a resize with %o', ({ alignCorners, halfPixelCenters }) => {
  it.each([
    { name: 'bilinear', resize: tf.image.resizeBilinear },
    { name: 'nearest neighbour', resize: tf.image.resizeNearestNeighbor },
  ])('$name equals central differences', async ({ resize }) => {
    const f = (x?: Tensor) =>
      tf.sum(
        tf.mul(
          resize(x as tf.Tensor4D, [9, 7], alignCorners, halfPixelCenters),
          tf.tensor(weights.values, weights.shape),
        ),
      );
    const { gradients } = await gradientsOn(TENSORFLOW, f, inputs);
    // A resize is linear, so a long step costs nothing and drowns the rounding.
    const { numeric, analytic } = directionalDerivatives(f, inputs, gradients, 0.5);
    expect(Math.abs(analytic)).toBeGreaterThan(1);
    expect(numeric).toBeCloseTo(analytic, 3);
  });
});
