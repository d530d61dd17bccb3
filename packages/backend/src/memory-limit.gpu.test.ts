import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedLibrary } from './libtensorflow/open.ts';
import { openBackend } from './open-backend.ts';
import { gpuTitle, whyNoGpu } from './testing/gpu.ts';

const reason = whyNoGpu();
if (reason !== undefined) console.info(`Tests on a GPU are skipped: ${reason}`);
const LIMIT = 512 * 2 ** 20;

// A file of its own: the limit holds for the life of the process.
describe.skipIf(reason !== undefined)(gpuTitle("a limit on a GPU's memory", reason), () => {
  let backend: Backend;
  beforeAll(async () => {
    await expect(
      openBackend({ prefer: 'libtensorflow', device: 'gpu', memoryLimit: 2 ** 50, install: false }),
    ).rejects.toMatchObject({ code: 'invalid-option' });
    backend = await openBackend({
      prefer: 'libtensorflow',
      device: 'gpu',
      memoryLimit: LIMIT,
      capture: true,
      install: false,
    });
  });
  afterAll(() => backend.close());

  it('is what TensorFlow takes at most', () => {
    expect(backend.device).toBe('gpu');
    expect(loadedLibrary()!.device.memoryBytes).toBe(LIMIT);
  });

  it('ends work beyond it with what happened and what helps, and what fits goes on', async () => {
    const outOfMemory = {
      code: 'backend-failed',
      message: expect.stringContaining('Out of memory') as unknown,
      hint: expect.stringContaining('smaller batch') as unknown,
    };
    expect(() => tf.tidy(() => tf.add(tf.fill([LIMIT / 4], 1), 1))).toThrow(
      expect.objectContaining(outOfMemory) as Error,
    );
    const step = backend.compile((x: tf.Tensor) => tf.tidy(() => tf.sum(tf.add(tf.tile(x, [LIMIT / 4 / 1024]), 1))));
    const x = tf.tidy(() => tf.ones([1024]));
    await expect(step(x)).rejects.toMatchObject(outOfMemory);
    const small = tf.tidy(() => tf.sum(tf.ones([1024])));
    expect((await small.data())[0]).toBe(1024);
    tf.dispose([x, small]);
    step.dispose();
  });
});
