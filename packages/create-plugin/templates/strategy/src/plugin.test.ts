import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadstart, HEAD, type Headstart } from '@headstart/core';
import { plainBackend, pointPlugin } from '@headstart/core/testing';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { squaredCovariances } from './decorrelation.ts';
import plugin from './index.ts';
import { strategy } from './strategy.ts';

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

describe('the loss term', () => {
  const of = (rows: [number, number][]) => tidy(() => squaredCovariances(tensor2d(rows)).dataSync()[0]);

  it('is half the squared covariances between different features', () => {
    // Both means are 1; the covariance is ((-1)(-2) + (1)(2)) / 2 = 2, and stands in two places of the matrix.
    expect(
      of([
        [0, -1],
        [2, 3],
      ]),
    ).toBeCloseTo((2 ** 2 + 2 ** 2) / 2, 6);
  });

  it('is nothing for features that do not go together', () => {
    expect(
      of([
        [1, 1],
        [1, -1],
        [-1, 1],
        [-1, -1],
      ]),
    ).toBe(0);
  });
});

describe('the strategy', () => {
  it('trains the head alone, then every stage with the loss term', () => {
    const stages = ['lower', 'upper'].map((name) => ({ name, parameters: 10 }));
    const [head, all] = strategy.plan(stages, { epochs: 7 });
    expect(head).toMatchObject({ trainable: { [HEAD]: 1 }, fitHead: true });
    expect(head!.losses).toBeUndefined();
    expect(all).toMatchObject({ epochs: 7, trainable: { lower: 0.1, upper: 0.1, [HEAD]: 1 } });
    expect(all!.losses!.map(({ name }) => name)).toEqual(['decorrelation']);
  });

  it('learns a task', async () => {
    const request = { target: 'points', strategy: strategy.id, epochs: 8, seed: 1, out: join(folder, 'model') };
    const { metrics } = await headstart.train(request);
    expect(metrics['test']!['accuracy']).toBeGreaterThan(0.8);
  });
});
