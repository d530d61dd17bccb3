import { openBackend } from '@headstart/backend';
import { RandomStream } from '@headstart/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { gradientCases, type GradientCase } from './fixtures/differentiable-ops.ts';
import { drawInput } from './fixtures/drawn-inputs.ts';
import { softwareVulkan, webGpuTitle } from '../tools/workspace/software-vulkan.ts';

/** Of the largest number of an output or a gradient. */
const TOLERANCE = 1e-5;

/** Functions that a driver may compute with less precision (Vulkan allows sine and cosine an error of 2^-11). */
const DRIVERS_OWN = new Map([
  ['acos', 1e-3],
  ['cos', 1e-3],
  ['sin', 1e-3],
  ['tan', 1e-3],
]);

/** The output of an op, then its gradients in the inputs. */
async function compute({ name, f, inputs: drawn }: GradientCase): Promise<Float32Array[]> {
  const random = new RandomStream('values').child(name);
  const inputs = drawn.map((input, i) => {
    const { shape, values } = drawInput(input, random.child(i));
    return tf.tensor(values, shape);
  });
  const results = tf.tidy(() => {
    const weighted = (y: tf.Tensor) =>
      tf.sum(
        tf.mul(
          y,
          tf.tensor(
            Float32Array.from({ length: y.size }, (_, i) => 1 + 0.5 * Math.sin(i)),
            y.shape,
          ),
        ),
      );
    return [f(...inputs), ...tf.grads((...given: tf.Tensor[]) => weighted(f(...given)))(inputs)];
  });
  const values = await Promise.all(results.map(async (result) => Float32Array.from(await result.data())));
  tf.dispose([...inputs, ...results]);
  return values;
}

async function computeAll(prefer: 'libtensorflow' | 'webgpu'): Promise<Map<string, Float32Array[]>> {
  const backend = await openBackend({ prefer, device: 'cpu' });
  try {
    // Otherwise small tensors are computed in JavaScript, as long as they have not been on the device.
    if (prefer === 'webgpu') tf.env().set('WEBGPU_CPU_FORWARD', false);
    const results = new Map<string, Float32Array[]>();
    for (const testCase of gradientCases) results.set(testCase.name, await compute(testCase));
    return results;
  } finally {
    await backend.close();
  }
}

/** The largest difference, over the largest number that is expected. */
function difference(expected: Float32Array, found: Float32Array): number {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-6);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!) / scale), 0);
}

it.skipIf(!softwareVulkan())(
  webGpuTitle('every op that the packages use, and its gradients, are on WebGPU what they are on libtensorflow'),
  async () => {
    Object.assign(process.env, softwareVulkan());
    const expected = await computeAll('libtensorflow');
    const found = await computeAll('webgpu');
    const wrong = [...expected].flatMap(([name, arrays]) => {
      const differences = arrays.map((array, i) => difference(array, found.get(name)![i]!));
      const limit = DRIVERS_OWN.get(name) ?? TOLERANCE;
      return differences.every((each) => each < limit) ? [] : [`${name}: ${differences.join(', ')}`];
    });
    expect(wrong).toEqual([]);
    expect(expected.size).toBeGreaterThan(100);
  },
  600_000,
);
