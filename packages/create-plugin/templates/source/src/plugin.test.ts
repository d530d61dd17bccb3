import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHeadstart, createArtifacts, silentProgress, type Headstart } from '@headstart/core';
import { runStages } from '@headstart/core/network';
import { plainBackend, pointPlugin } from '@headstart/core/testing';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import plugin from './index.ts';
import { source } from './source.ts';

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

const runtime = () => ({ artifacts: createArtifacts({ root: join(folder, 'artifacts') }), progress: silentProgress });

describe('the source', () => {
  it('says of a point how far it lies in each direction', async () => {
    const backbone = await source.open(runtime(), { weights: 'published' });
    const features = tidy(() => runStages(backbone.stages, { point: tensor2d([[3, -2]]) })['vector']!.dataSync());
    backbone.dispose();
    // Each is the mean of two of sixteen directions, in which the point lies so far, or not at all where it lies behind.
    const distance = (direction: number) =>
      Math.max(0, 3 * Math.cos((direction * Math.PI) / 8) - 2 * Math.sin((direction * Math.PI) / 8));
    const expected = Array.from({ length: 8 }, (_, i) => (distance(2 * i) + distance(2 * i + 1)) / 2);
    // Single precision: six digits after the point of numbers up to 4.
    expected.forEach((value, i) => expect(features[i]).toBeCloseTo(value, 5));
  });

  it('learns a task, and the model loads again', async () => {
    const request = { target: 'points', source: source.id, strategy: 'linear-probe', epochs: 12, learningRate: 0.02 };
    const { metrics, model } = await headstart.train({ ...request, seed: 1, out: join(folder, 'model') });
    expect(metrics['test']!['accuracy']).toBeGreaterThan(0.8);
    const trained = await headstart.load(model);
    expect(await trained.predict(['0,3', '3,-1', '-3,-1'])).toEqual(['up', 'right', 'left']);
    trained.dispose();
  });
});
