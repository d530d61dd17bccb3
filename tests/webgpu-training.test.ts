import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend, type BackendName } from '@headstart/backend';
import { createHeadstart, type Headstart, type RunEvents, type TransferRequest } from '@headstart/core';
import { pointPlugin } from '@headstart/core/testing';
import { findBackend, memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { softwareVulkan, webGpuTitle } from '../tools/workspace/software-vulkan.ts';

const driver = softwareVulkan();
let root: string;
let runs = 0;

beforeAll(async () => {
  Object.assign(process.env, driver);
  root = await mkdtemp(join(tmpdir(), 'headstart-webgpu-'));
});
afterAll(() => rm(root, { recursive: true }));

/** Works with a backend of this process, which has one at a time. */
async function on<T>(prefer: BackendName, work: (headstart: Headstart) => Promise<T>): Promise<T> {
  const backend = await openBackend({ prefer, device: 'cpu' });
  try {
    return await work(
      await createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, `cache-${++runs}`) }),
    );
  } finally {
    await backend.close();
  }
}

const request = (more: Partial<TransferRequest>): TransferRequest => ({
  target: 'points',
  seed: 3,
  batchSize: 16,
  epochs: 3,
  learningRate: 0.02,
  out: join(root, `run-${++runs}`),
  ...more,
});

const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));

/** A run's losses and its weights as they lie in the file, after the header that its first eight bytes measure. */
async function train(headstart: Headstart, more: Partial<TransferRequest>) {
  const losses: number[] = [];
  const tensors: number[] = [];
  const { model } = await headstart.train(request(more), {
    events: { step: ({ loss }) => void losses.push(loss), epochEnd: () => void tensors.push(memory().numTensors) },
  });
  const bytes = await weightsOf(model);
  const values = bytes.subarray(8 + Number(bytes.readBigUInt64LE()));
  return { losses, tensors, bytes, weights: new Float32Array(Uint8Array.from(values).buffer) };
}

const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);

describe.skipIf(!driver)(webGpuTitle('training on WebGPU'), () => {
  it('gives the losses and weights of libtensorflow, and leaves no tensor behind', async () => {
    const strategies = ['linear-probe', 'fine-tune', 'l2-sp', 'lora:1'];
    const trained = (prefer: BackendName) =>
      on(prefer, async (headstart) => {
        const results = [];
        for (const strategy of strategies) results.push(await train(headstart, { strategy }));
        return results;
      });
    const expected = await trained('libtensorflow');
    const actual = await trained('webgpu');
    strategies.forEach((strategy, i) => {
      const [{ losses, weights, tensors }, { losses: others, weights: otherWeights }] = [actual[i]!, expected[i]!];
      expect(losses.length, strategy).toBeGreaterThan(10);
      expect(losses.at(-1), strategy).toBeLessThan(losses[0]!);
      expect(largestDifference(losses, others), strategy).toBeLessThan(1e-3);
      expect(weights.length, strategy).toBe(otherWeights.length);
      expect(largestDifference(weights, otherWeights), strategy).toBeLessThan(1e-3);
      expect(new Set(tensors).size, strategy).toBe(1);
    });
  }, 300_000);

  it('resumes to the same bytes', async () => {
    const settings = { strategy: 'fine-tune', epochs: 2, ema: 0.9, augmentation: 'jitter', checkpointEvery: 1 };
    const whole = await on('webgpu', (headstart) => train(headstart, settings));
    const out = join(root, 'interrupted');
    const stop = new AbortController();
    let steps = 0;
    const events: Partial<RunEvents> = { step: () => void (++steps === 3 && stop.abort()) };
    await expect(
      on('webgpu', (headstart) => headstart.train(request({ ...settings, out }), { events, signal: stop.signal })),
    ).rejects.toMatchObject({ code: 'interrupted' });
    await on('webgpu', (headstart) => headstart.resume(out));
    expect((await weightsOf(out)).equals(whole.bytes)).toBe(true);
  }, 300_000);

  it('ends with its checkpoint kept where the adapter is lost, and goes on on another backend', async () => {
    const settings = { strategy: 'fine-tune', checkpointEvery: 1 };
    const whole = await on('libtensorflow', (headstart) => train(headstart, settings));
    const out = join(root, 'lost');
    let steps = 0;
    const lose = () => (findBackend('webgpu') as unknown as { device: { destroy(): void } }).device.destroy();
    await expect(
      on('webgpu', (headstart) =>
        headstart.train(request({ ...settings, out }), { events: { step: () => void (++steps === 6 && lose()) } }),
      ),
    ).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringContaining('was lost') as unknown,
      hint: expect.stringContaining('--resume') as unknown,
    });
    const rest: number[] = [];
    const warnings: string[] = [];
    await on('libtensorflow', (headstart) =>
      headstart.resume(out, {
        events: { step: ({ loss }) => void rest.push(loss), warning: (message) => void warnings.push(message) },
      }),
    );
    // Of twelve steps, five or six were taken before.
    expect(rest.length).toBeLessThan(whole.losses.length - 4);
    expect(warnings.join(' ')).toContain('name was webgpu and is libtensorflow now');
    expect(largestDifference(rest, whole.losses.slice(-rest.length))).toBeLessThan(1e-3);
  }, 300_000);
});
