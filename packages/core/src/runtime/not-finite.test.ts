import { add, log, mul, slice, sub, tidy, memory } from '@tensorflow/tfjs-core';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import type { SourceDomain } from '../domains/source-domain.ts';
import { definePlugin } from '../plugins/plugin.ts';
import type { Backend } from '../ports/backend.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin, type PointSample } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { createHeadstart } from './create-headstart.ts';

let backend: Backend;
let root: string;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-not-finite-'));
});
afterAll(() => rm(root, { recursive: true }));

/** Points further to the right than this have no features in the network of `hollow`. */
const EDGE = 2.5;

/** The network of the points with a logarithm in it that is NaN for few of them. */
const hollow: SourceDomain = {
  ...pointSource,
  id: 'hollow',
  async open(runtime, options) {
    const backbone = await pointSource.open(runtime, options);
    const [lower, upper] = backbone.stages as [(typeof backbone.stages)[0], (typeof backbone.stages)[0]];
    const forward: typeof lower.forward = (tensors, mode) =>
      tidy(() => {
        const zero = mul(log(sub(EDGE, slice(tensors['point']!, [0, 0], [-1, 1]))), 0);
        return { middle: add(lower.forward(tensors, mode)['middle']!, zero) };
      });
    const stage = { name: lower.name, variables: lower.variables, initialise: () => {}, forward };
    return { ...backbone, architecture: 'hollow@1', stages: [stage, upper] };
  },
};

/** A source one weight of which is no number. */
const damaged: SourceDomain = {
  ...pointSource,
  id: 'damaged',
  async open(runtime, options) {
    const backbone = await pointSource.open(runtime, options);
    const { value } = backbone.stages[1]!.variables[1]!;
    tidy(() => value.assign(mul(value, NaN)));
    return backbone;
  },
};

const within: RegisteredDataset = {
  ...pointDataset,
  id: 'within',
  async load(...args) {
    const data = await pointDataset.load(...args);
    return { ...data, samples: data.samples.filter(({ sample }) => (sample as PointSample).point[0] < EDGE) };
  },
};

const extra = definePlugin({
  name: 'extra',
  version: '1.0.0',
  headstart: '*',
  setup({ sources, datasets }) {
    sources.add(hollow);
    sources.add(damaged);
    datasets.add(within);
  },
});

let count = 0;
const compose = () =>
  createHeadstart({ backend, plugins: [pointPlugin(), extra()], cacheRoot: join(root, `cache-${count++}`) });
const newFolder = () => join(root, `run-${count++}`);

describe('a source', () => {
  it('that gives NaN for a few samples is told with the first of them, wherever it is asked', async () => {
    const headstart = await compose();
    const bad = (await pointDataset.load({} as never, {} as never)).samples
      .map(({ sample }) => sample as PointSample)
      .filter(({ point }) => point[0] > EDGE);
    expect(bad.length).toBeGreaterThan(0);
    expect(bad.length).toBeLessThan(20);
    const before = memory().numTensors;
    const named = expect.stringMatching(new RegExp(`NaN .*"(${bad.map(({ id }) => id).join('|')})"`)) as string;
    const request = { target: 'points', source: 'hollow', epochs: 2 };
    await expect(headstart.train({ ...request, out: newFolder() })).rejects.toMatchObject({
      code: 'not-finite',
      message: named,
    });
    expect(memory().numTensors).toBe(before);
    const { model } = await headstart.train({ ...request, target: 'within', out: newFolder() });
    const loaded = await headstart.load(model);
    await expect(loaded.evaluate('points', { split: 'all' })).rejects.toMatchObject({
      code: 'not-finite',
      message: named,
    });
    await expect(loaded.predict([Buffer.from('0,1')])).resolves.toHaveLength(1);
    await expect(loaded.predict([Buffer.from('0,1'), Buffer.from('3,1')])).rejects.toMatchObject({
      code: 'not-finite',
    });
    expect((await loaded.reportShift([Buffer.from('0,1')])).distances).toHaveLength(1);
    await expect(loaded.reportShift([Buffer.from('0,1'), Buffer.from('3,1')])).rejects.toMatchObject({
      code: 'not-finite',
      message: expect.stringContaining('"features" for input 2') as string,
    });
    loaded.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('whose weights are not numbers is told with the tensor', async () => {
    const before = memory().numTensors;
    await expect(
      (await compose()).train({ target: 'points', source: 'damaged', out: newFolder() }),
    ).rejects.toMatchObject({
      code: 'not-finite',
      message: 'There is NaN in the tensor "upper/gamma" of the source "damaged", at place 0.',
    });
    expect(memory().numTensors).toBe(before);
  });
});

describe('a training', () => {
  it.each(['linear-probe', 'fine-tune'])('whose last update is its downfall has diverged: %s', async (strategy) => {
    const request = { target: 'points', strategy, epochs: 1, batchSize: 100, learningRate: 3e38 };
    for (const split of [undefined, [80, 0, 20]] as const) {
      const out = newFolder();
      await expect((await compose()).train({ ...request, split, out })).rejects.toMatchObject({
        code: 'diverged',
        hint: expect.stringContaining('--learning-rate') as string,
      });
      expect(existsSync(join(out, 'model.json'))).toBe(false);
    }
  });

  it.each(['linear-probe', 'fine-tune'])(
    "whose loss is a number that is no model's has diverged: %s",
    async (strategy) => {
      const request = { target: 'points', strategy, epochs: 2, batchSize: 8, learningRate: 1e10 };
      for (const split of [undefined, [80, 0, 20]] as const) {
        const out = newFolder();
        await expect((await compose()).train({ ...request, split, out })).rejects.toMatchObject({
          code: 'diverged',
          hint: expect.stringContaining('--learning-rate') as string,
        });
        expect(existsSync(join(out, 'model.json'))).toBe(false);
      }
    },
  );

  it('that diverged goes on from its last checkpoint with a lower rate', async () => {
    const out = newFolder();
    const stop = new AbortController();
    let steps = 0;
    const events = { step: () => void (++steps === 10 && stop.abort()) };
    const request = { target: 'points', strategy: 'fine-tune', epochs: 3, batchSize: 8, out };
    await expect((await compose()).train(request, { events, signal: stop.signal })).rejects.toMatchObject({
      code: 'interrupted',
    });
    await expect((await compose()).resume(out, { learningRate: 1e38 })).rejects.toMatchObject({
      code: 'diverged',
      hint: expect.stringContaining(`headstart train --resume ${out} --learning-rate`) as string,
    });
    await expect((await compose()).resume(out, { learningRate: -1 })).rejects.toMatchObject({ code: 'invalid-option' });
    const { model } = await (await compose()).resume(out, { learningRate: 0.01 });
    const card = JSON.parse(await readFile(join(model, 'model.json'), 'utf8')) as {
      training: { learningRate: number };
      metrics: { validation: { accuracy: number } };
    };
    expect(card.training.learningRate).toBe(0.01);
    expect(card.metrics.validation.accuracy).toBeGreaterThan(0.5);
  });
});
