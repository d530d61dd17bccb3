import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadstart, type Headstart } from '@headstart/core';
import { plainBackend, pointPlugin } from '@headstart/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from './index.ts';
import { metric } from './metric.ts';

let folder: string;
let headstart: Headstart;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'your-name-'));
  const plugins = [pointPlugin(), plugin()];
  headstart = await createHeadstart({ backend: await plainBackend(), plugins, cacheRoot: join(folder, 'cache') });
});
afterAll(async () => {
  await headstart.close();
  await rm(folder, { recursive: true });
});

const evidence = {
  labels: ['cat', 'dog'],
  probabilities: Float32Array.of(0.75, 0.25, 0.5, 0.5, 0, 1),
  truth: Int32Array.of(0, 1, 0),
};

describe('the metric', () => {
  it('is the mean squared distance of the probabilities from the truth', () => {
    // The cat foretold with 3/4, the dog with 1/2, and the last cat as a dog.
    const distances = [0.25 ** 2 + 0.25 ** 2, 0.5 ** 2 + 0.5 ** 2, 1 + 1];
    expect(metric.compute(evidence)).toBe((distances[0]! + distances[1]! + distances[2]!) / 3);
  });

  it('says nothing about no sample', () => {
    const none = { labels: ['cat', 'dog'], probabilities: new Float32Array(), truth: new Int32Array() };
    expect(metric.applies!(none)).toBe(false);
  });

  it('is reported of every split that is evaluated', async () => {
    const request = { target: 'points', epochs: 8, seed: 1, out: join(folder, 'model') };
    const { metrics } = await headstart.train(request);
    for (const split of ['validation', 'test']) {
      const score = metrics[split]![metric.id]!;
      expect(score).toBeGreaterThan(0);
      // An even guess among three classes has (2/3)² + 2 (1/3)² = 2/3.
      expect(score).toBeLessThan(2 / 3);
    }
  });
});
