import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadstart, type RunEvents, type TransferRequest } from '@headstart/core';
import type { Backend } from '@headstart/core/backend';
import { pointPlugin } from '@headstart/core/testing';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from './open-backend.ts';
import { gpuTitle, whyNoGpu } from './testing/gpu.ts';

const reason = whyNoGpu();
if (reason !== undefined) console.info(`Tests on a GPU are skipped: ${reason}`);

describe.skipIf(reason !== undefined)(gpuTitle('a transfer on a GPU', reason), () => {
  let backend: Backend;
  let root: string;
  let runs = 0;
  beforeAll(async () => {
    backend = await openBackend({ prefer: 'libtensorflow', device: 'gpu', capture: true, install: false });
    root = await mkdtemp(join(tmpdir(), 'headstart-gpu-'));
  });
  afterAll(async () => {
    await backend.close();
    await rm(root, { recursive: true });
  });

  const compose = () =>
    createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, `cache-${++runs}`) });
  const request = (more: Partial<TransferRequest>): TransferRequest => ({
    target: 'points',
    seed: 3,
    batchSize: 8,
    strategy: 'fine-tune',
    epochs: 6,
    learningRate: 0.02,
    ema: 0.9,
    out: join(root, `run-${++runs}`),
    ...more,
  });
  const train = async (more: Partial<TransferRequest>) => (await compose()).train(request(more));

  it.each(['float32', 'bfloat16', 'float16'] as const)('learns in %s', async (precision) => {
    const tensors = memory().numTensors;
    const { device, metrics, model } = await train({ precision });
    expect(device).toBe('gpu');
    expect(metrics.test!.accuracy).toBeGreaterThan(0.8);
    const card = JSON.parse(await readFile(join(model, 'model.json'), 'utf8')) as { training: { precision: string } };
    expect(card.training.precision).toBe(precision);
    expect(memory().numTensors).toBe(tensors);
  });

  it('scales the loss in float16, keeps the scale in the checkpoint, and goes on from there', async () => {
    const out = join(root, 'stopped');
    const stop = new AbortController();
    let steps = 0;
    const events: Partial<RunEvents> = { step: () => void (++steps === 5 && stop.abort()) };
    await expect(
      (await compose()).train(request({ precision: 'float16', out }), { events, signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'interrupted' });
    expect((await readFile(join(out, 'checkpoint.safetensors'))).includes('loss-scale/scale')).toBe(true);
    const { metrics } = await (await compose()).resume(out);
    expect(metrics.test!.accuracy).toBeGreaterThan(0.8);
  });
});
