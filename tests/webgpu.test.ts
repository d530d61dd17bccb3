import { openBackend } from '@headstart/backend';
import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { softwareVulkan, webGpuTitle } from '../tools/workspace/software-vulkan.ts';

const driver = softwareVulkan();

/** What of TensorFlow.js's backend is looked at. */
interface Kernels {
  readonly device: { createBuffer(how: { size: number; usage: number }): unknown; destroy(): void };
  readonly bufferManager: { getNumUsedBuffers(): number; readonly numBytesAllocated: number };
  numDataIds(): number;
}

const kernels = () => tf.findBackend('webgpu') as unknown as Kernels;
const open = () => openBackend({ prefer: 'webgpu' });

describe.skipIf(!driver)(webGpuTitle('WebGPU on a software adapter'), () => {
  let backend: Backend;
  beforeAll(async () => {
    Object.assign(process.env, driver);
    backend = await open();
  });
  afterAll(() => backend.close());

  it('says which adapter it is, and that it computes on the processor', () => {
    expect(backend).toMatchObject({
      name: 'webgpu',
      device: 'cpu',
      reason: expect.stringMatching(/^WebGPU on .+, software that computes on the processor, slowly$/) as unknown,
      details: {
        adapter: expect.stringMatching(/\w/) as unknown,
        largestBuffer: expect.stringMatching(/^\d+$/) as unknown,
      },
    });
    expect(backend.precisions).toBeUndefined();
  });

  it('leaves no sign of a browser behind', () => {
    expect((globalThis as { navigator?: { gpu?: unknown } }).navigator?.gpu).toBeUndefined();
  });

  it('gives values later, and refuses to give them at once', async () => {
    const product = tf.tidy(() => tf.matMul(tf.ones([40, 50]), tf.ones([50, 20])));
    expect(() => product.dataSync()).toThrow(
      expect.objectContaining({ code: 'not-supported', hint: expect.stringContaining('data()') as unknown }) as Error,
    );
    expect(await product.data()).toEqual(new Float32Array(800).fill(50));
    // Once read, they are on the host.
    expect(product.dataSync()[0]).toBe(50);
    product.dispose();
    expect(tf.tidy(() => tf.tensor1d([1, 2]).dataSync())).toEqual(Float32Array.of(1, 2));
  });

  it('refuses a tensor above the limit of a buffer, naming it', () => {
    const limit = Number(backend.details['largestBuffer']);
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => tf.fill([limit / 4 + 1], 1))).toThrow(
      expect.objectContaining({
        code: 'backend-failed',
        message: `A tensor of shape [${limit / 4 + 1}] takes ${limit + 4} bytes, and this WebGPU adapter's buffers hold ${limit} at most.`,
      }) as Error,
    );
    expect(tf.memory().numTensors).toBe(before);
  });

  it('adds in one order: the same bits each time', async () => {
    // Long sums, and rows of a table that are looked up often, are what TensorFlow.js adds up atomically.
    const results = async () => {
      const [product, table] = tf.tidy((): tf.Tensor[] => {
        const numbers = tf.reshape<tf.Rank.R2>(tf.sin(tf.range(0, 64 * 4096)), [64, 4096]);
        const rows = tf.slice(numbers, [0, 0], [64, 64]);
        const ids = tf.tensor1d(
          Array.from({ length: 64 }, (_, i) => (i * i) % 3),
          'int32',
        );
        return [tf.matMul(numbers, numbers, false, true), tf.unsortedSegmentSum(rows, ids, 5)];
      });
      const values = await Promise.all([product!.data<'float32'>(), table!.data<'float32'>()]);
      tf.dispose([product!, table!]);
      return values;
    };
    const first = await results();
    expect(first[0].some((value) => value !== 0)).toBe(true);
    for (let i = 0; i < 5; i++) expect(await results()).toEqual(first);
  });

  it('sums over segments by their numbers, those out of range left out', async () => {
    const sums = tf.tidy(() =>
      tf.unsortedSegmentSum(
        tf.tensor2d([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [5, 2]),
        tf.tensor1d([2, 0, 2, 3, -1], 'int32'),
        3,
      ),
    );
    expect(await sums.array()).toEqual([
      [3, 4],
      [0, 0],
      [6, 8],
    ]);
    const whole = tf.tidy(() =>
      tf.unsortedSegmentSum(tf.tensor1d([1, 2, 4], 'int32'), tf.tensor1d([1, 1, 0], 'int32'), 2),
    );
    expect([whole.dtype, await whole.array()]).toEqual(['int32', [4, 3]]);
    tf.dispose([sums, whole]);
  });

  it('adds more tensors than a shader has buffers', async () => {
    const sum = tf.tidy(() => tf.addN(Array.from({ length: 30 }, (_, i) => tf.fill([2000], 2 ** (i % 10)))));
    expect(await sum.data()).toEqual(new Float32Array(2000).fill(3 * 1023));
    sum.dispose();
  });

  it('leaves no buffer behind over 200 steps', async () => {
    const weights = tf.variable(tf.randomNormal([30, 4], 0, 1, 'float32', 7));
    const optimiser = tf.train.adam(0.05);
    const step = backend.compile((x: tf.Tensor2D, y: tf.Tensor2D) =>
      tf.tidy(
        () =>
          optimiser.minimize(
            () => tf.losses.softmaxCrossEntropy<tf.Tensor, tf.Scalar>(y, tf.matMul(x, weights)),
            true,
            [weights],
          )!,
      ),
    );
    const { bufferManager } = kernels();
    const counted = () => [
      tf.memory().numTensors,
      kernels().numDataIds(),
      bufferManager.getNumUsedBuffers(),
      bufferManager.numBytesAllocated,
    ];
    const losses: number[] = [];
    let afterTwenty: number[] = [];
    for (let i = 0; i < 200; i++) {
      const x = tf.tensor2d(
        Float32Array.from({ length: 40 * 30 }, (_, j) => Math.sin(j * 7.3 + (j % 4))),
        [40, 30],
      );
      const labels = tf.tensor1d(
        Array.from({ length: 40 }, (_, j) => j % 4),
        'int32',
      );
      const y = tf.tidy(() => tf.cast(tf.oneHot(labels, 4), 'float32')) as tf.Tensor2D;
      const loss = await step(x, y);
      if (i % 20 === 19) losses.push((await loss.data())[0]!);
      tf.dispose([x, labels, y, loss]);
      if (i === 19) afterTwenty = counted();
    }
    expect(counted()).toEqual(afterTwenty);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    step.dispose();
    optimiser.dispose();
    weights.dispose();
  }, 300_000);

  it('fails with the reason once its adapter is lost, and opens anew', async () => {
    const x = tf.ones([40, 50]);
    const step = backend.compile((given: tf.Tensor) => tf.tidy(() => tf.sum(tf.square(given))));
    const result = await step(x);
    kernels().device.destroy();
    const lost = {
      code: 'backend-failed',
      message: expect.stringMatching(/^The WebGPU adapter .+ was lost: /) as unknown,
      hint: expect.stringContaining('--resume') as unknown,
    };
    await expect(result.data()).rejects.toMatchObject(lost);
    await expect(step(x)).rejects.toMatchObject(lost);
    await backend.close();
    backend = await open();
    const sum = tf.tidy(() => tf.sum(tf.ones([40, 50])));
    expect((await sum.data())[0]).toBe(2000);
    sum.dispose();
  });

  it('does not trust results once the device has refused something', async () => {
    const { device } = kernels();
    device.createBuffer({ size: 2 ** 45, usage: 128 });
    const sum = tf.tidy(() => tf.sum(tf.ones([40, 50])));
    await expect(sum.data()).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringContaining('refused what was asked of it') as unknown,
    });
    await backend.close();
    backend = await open();
  });

  it('takes no more memory than it may, and lets freed buffers go first', async () => {
    await backend.close();
    backend = await openBackend({ prefer: 'webgpu', memoryLimit: 2 ** 20 });
    const sum = (size: number) => {
      const result = tf.tidy(() => tf.sum(tf.ones([size])));
      return result.data().finally(() => result.dispose());
    };
    // 400 kB each, of sizes that differ: kept for reuse they would not fit.
    for (let i = 0; i < 6; i++) expect((await sum(100_000 + i))[0]).toBe(100_000 + i);
    await expect(async () => sum(300_000)).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringMatching(
        /^The memory limit of 1048576 bytes is reached: \d+ are in use and 1200000 more/,
      ) as unknown,
    });
    await backend.close();
    backend = await open();
  });

  it('is not taken for a GPU', async () => {
    await backend.close();
    await expect(openBackend({ prefer: 'webgpu', device: 'gpu' })).rejects.toMatchObject({
      code: 'backend-unavailable',
      message: expect.stringMatching(/^The only WebGPU adapter here, .+, is software/) as unknown,
    });
    backend = await open();
  });
});
