import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RegisteredDataset } from '../../domains/reader.ts';
import type { TargetData } from '../../domains/target-domain.ts';
import { measureItems } from '../../metrics/measure-items.ts';
import { definePlugin } from '../../plugins/plugin.ts';
import type { Backend } from '../../ports/backend.ts';
import type { TrialRequest } from '../../runs/trial.ts';
import { plainBackend } from '../../testing/plain-backend.ts';
import { pointDataset, pointPlugin } from '../../testing/point-domain.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { createHeadstart } from '../create-headstart.ts';
import type { Headstart } from '../headstart.ts';

let backend: Backend;
let root: string;
let headstart: Headstart;
let reads = 0;

/** The points under another name, with other labels or samples. */
function variant(id: string, alter: (data: TargetData) => Partial<TargetData>): RegisteredDataset {
  return {
    ...pointDataset,
    id,
    async load(runtime, options) {
      reads += 1;
      const data = await pointDataset.load(runtime, options);
      return { ...data, id, ...alter(data) };
    },
  };
}

const relabelled = (labels: string[], numbers: number[]) => ({
  labels,
  change: ({ samples }: TargetData) => ({
    labels,
    samples: samples.map(({ sample }, i) => ({
      sample: { ...sample, digest: `${sample.digest}${i}`, label: numbers[sample.label!] },
    })),
  }),
});

const others = definePlugin({
  name: 'other-points',
  version: '2.0.0',
  headstart: '^0.1',
  setup({ datasets }) {
    datasets.add(variant('turned', relabelled(['left', 'up', 'right'], [1, 2, 0]).change));
    datasets.add(variant('strange', relabelled(['up', 'right', 'down'], [0, 1, 2]).change));
    datasets.add(variant('fewer', ({ samples }) => ({ samples: samples.slice(0, 60) })));
  },
});

const compose = (cache: string) =>
  createHeadstart({ backend, plugins: [pointPlugin(), others()], cacheRoot: join(root, cache) });

const leftOver = () => readdir(join(root, 'tmp'));

beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-trials-'));
  await mkdir(join(root, 'tmp'));
  vi.stubEnv('TMPDIR', join(root, 'tmp'));
  headstart = await compose('cache');
});
afterAll(() => {
  vi.unstubAllEnvs();
  return rm(root, { recursive: true });
});

const settings = { target: 'points', epochs: 2, batchSize: 16, seed: 3 } as const;

describe.each(['linear-probe', 'fine-tune', 'lora:1', 'from-scratch'])('a trial of %s', (strategy) => {
  it('comes to what a training and evaluations come to, bit for bit, and leaves nothing', async () => {
    const transfer = { ...settings, strategy };
    const { model, metrics, intervals } = await headstart.train({ ...transfer, out: join(root, `run-${strategy}`) });
    const loaded = await headstart.load(model);
    const turned = await loaded.evaluate('turned');
    const training = await loaded.evaluate('points', { split: 'train' });
    loaded.dispose();

    const tensors = memory().numTensors;
    const session = headstart.trials();
    const trial: TrialRequest = { transfer, tests: [{ target: 'points' }, { target: 'turned' }], onTraining: true };
    for (let round = 0; round < 2; round++) {
      const { outcomes, onTraining, ...result } = await session.run(trial);
      expect(outcomes.map(({ target, split, samples }) => ({ target, split, samples }))).toEqual([
        { target: 'points', split: 'test', samples: 18 },
        { target: 'turned', split: 'all', samples: 90 },
      ]);
      expect(outcomes.map((outcome) => outcome.metrics)).toEqual([metrics['test'], turned.metrics.values]);
      expect(outcomes[0]!.intervals).toEqual(intervals['test']);
      expect(onTraining?.metrics).toEqual(training.metrics.values);
      expect(result.history).toHaveLength(strategy === 'linear-probe' ? 2 : result.history.length);
      expect(result.samples).toEqual({ train: 63, validation: 9, test: 18 });
      expect(await session.identify(trial)).toEqual(result.identity);
    }
    await session.close();
    expect(memory().numTensors).toBe(tensors);
    expect(await leftOver()).toEqual([]);
  });
});

describe('the items of a trial', () => {
  it('are of the samples in their order, and give its numbers again', async () => {
    const session = headstart.trials();
    const transfer = { ...settings, strategy: 'linear-probe' };
    const { outcomes } = await session.run({ transfer, tests: [{ target: 'turned', split: 'all' }] });
    await session.close();
    const [{ items, metrics, ids, digests }] = outcomes as [(typeof outcomes)[0]];
    expect(ids).toEqual(Array.from({ length: 90 }, (_, i) => `p${i}`));
    expect(digests).toHaveLength(90);
    expect(items).toMatchObject({ kind: 'classification', shared: { labels: ['up', 'right', 'left'] } });
    expect(items!.columns.find(({ name }) => name === 'truth')!.values).toEqual(ids.map((_, i) => i % 3));
    const { numbers, scores, count } = measureItems(headstart, items!);
    expect(Object.fromEntries(Object.entries(numbers).map(([name, { value }]) => [name, value]))).toEqual(metrics);
    expect(count).toBe(90);
    expect(scores.reduce((sum, score) => sum + score, 0) / 90).toBeCloseTo(metrics['accuracy']!, 12);
  });
});

describe('a session', () => {
  it('counts the samples of a test that were trained on', async () => {
    const session = headstart.trials();
    const tests = [
      { target: 'points' },
      { target: 'points', split: 'all' },
      { target: 'points', split: 'train' },
    ] as const;
    const { outcomes } = await session.run({ transfer: { ...settings, strategy: 'linear-probe' }, tests });
    await session.close();
    expect(outcomes.map(({ samples, trainedOn }) => [samples, trainedOn])).toEqual([
      [18, 0],
      [90, 63],
      [63, 63],
    ]);
  });

  it('reads each domain once, and refuses a test whose labels the model does not know by their names', async () => {
    reads = 0;
    const session = headstart.trials();
    const trial = (seed: number, target: string) => ({
      transfer: { ...settings, target: 'turned', seed },
      tests: [{ target }],
    });
    for (const seed of [0, 1, 2]) await session.identify(trial(seed, 'fewer'));
    await session.plan(trial(4, 'turned'));
    expect(reads).toBe(2);
    await refusalOf(session.plan(trial(0, 'strange')), 'label-invalid', 'strange', 'down');
    await refusalOf(session.run(trial(0, 'strange')), 'label-invalid', 'strange', 'down');
    await refusalOf(session.run({ transfer: settings, tests: [] }), 'invalid-option', 'no test domain');
    await session.close();
  });

  it('goes on after a trial that fails', async () => {
    const session = headstart.trials();
    const good = { transfer: settings, tests: [{ target: 'points' }] };
    const ends = await session.runTogether([good, { ...good, tests: [{ target: 'strange' }] }, good]);
    await session.close();
    expect(ends.map((end) => ('error' in end ? end.error.code : end.result.outcomes[0]!.split))).toEqual([
      'test',
      'label-invalid',
      'test',
    ]);
  });

  it('ends a trial at its next step, and leaves nothing of it', async () => {
    const tensors = memory().numTensors;
    const session = headstart.trials();
    const stop = new AbortController();
    stop.abort();
    const trial = { transfer: { ...settings, strategy: 'fine-tune' }, tests: [{ target: 'points' }] };
    await refusalOf(session.run(trial, { signal: stop.signal }), 'interrupted', 'nothing of it is kept');
    await session.close();
    expect(memory().numTensors).toBe(tensors);
    expect(await leftOver()).toEqual([]);
  });
});
