import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadstart, definePlugin, type Headstart, type RegisteredDataset } from '@headstart/core';
import { plainBackend, pointPlugin } from '@headstart/core/testing';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from './index.ts';
import { parsePoint, pointSample } from './parse-point.ts';
import { task } from './task.ts';
import { plane } from './testing/plane.ts';

const dataset: RegisteredDataset = {
  id: 'plane',
  modality: 'point',
  description: 'Points of a plane',
  licence: 'your-licence',
  task: task.id,
  load: async () => plane(80),
};
const data = definePlugin({
  name: 'plane',
  version: '0.1.0',
  headstart: '^your-headstart',
  setup: ({ datasets }) => datasets.add(dataset),
});

let folder: string;
let headstart: Headstart;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'your-name-'));
  const plugins = [pointPlugin(), data(), plugin()];
  headstart = await createHeadstart({ backend: await plainBackend(), plugins, cacheRoot: join(folder, 'cache') });
});
afterAll(async () => {
  await headstart.close();
  await rm(folder, { recursive: true });
});

describe('the task', () => {
  it('loses the mean squared difference', () => {
    const loss = tidy(() => {
      const [logits, score] = [tensor2d([[1], [4]]), tensor2d([[3], [3]])];
      return task.loss({ logits }, { score }, { labelSmoothing: 0 }).dataSync()[0];
    });
    expect(loss).toBe((2 ** 2 + 1 ** 2) / 2);
  });

  it('learns numbers that points have, and the model loads again', async () => {
    const request = { target: 'plane', strategy: 'fine-tune', epochs: 40, learningRate: 0.03, seed: 1 };
    const { task: chosen, metrics, model } = await headstart.train({ ...request, out: join(folder, 'model') });
    expect(chosen).toBe(task.id);
    // The numbers' variance is 5: 2² + 1².
    expect(metrics['test']!['mse']).toBeLessThan(0.5);
    expect(metrics['test']!['pearson']).toBeGreaterThan(0.95);
    const trained = await headstart.load<number>(model);
    const [low, high] = await trained.predict(['-1, 1', '1, -1']);
    expect(Math.abs(low! - -2)).toBeLessThan(1);
    expect(Math.abs(high! - 4)).toBeLessThan(1);
    trained.dispose();
  });

  it.each(['1', '1, 2, 3', 'a, b', '1,', ''])('refuses the input "%s"', (text) => {
    expect(() => parsePoint(text, 'input 1')).toThrow(expect.objectContaining({ code: 'sample-unreadable' }));
  });

  it('refuses data without samples and samples without a number', () => {
    const target = { id: 'x', modality: 'point', reader: 'x', labels: [], skipped: [] };
    expect(() => task.check({ ...target, samples: [] })).toThrow(expect.objectContaining({ code: 'target-empty' }));
    const samples = [{ sample: pointSample('p', [0, 0]) }];
    expect(() => task.check({ ...target, samples })).toThrow(expect.objectContaining({ code: 'label-invalid' }));
  });
});
