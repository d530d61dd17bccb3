import { memory } from '@tensorflow/tfjs-core';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { definePlugin } from '../plugins/plugin.ts';
import type { Backend } from '../ports/backend.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin } from '../testing/point-domain.ts';
import type { EpochInfo, RunEvents } from '../runs/events.ts';
import type { TransferRequest, TransferResult } from '../runs/request.ts';

let backend: Backend;
let root: string;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-resume-'));
});
afterAll(() => rm(root, { recursive: true }));

/** The points once more, as a test wants them. */
let altered: (data: TargetData) => TargetData = (data) => data;
const alterable: RegisteredDataset = {
  ...pointDataset,
  id: 'alterable',
  load: async (...args) => altered({ ...(await pointDataset.load(...args)), id: 'alterable' }),
};
const extra = definePlugin({
  name: 'extra',
  version: '1.0.0',
  headstart: '*',
  setup: ({ datasets }) => datasets.add(alterable),
});

let count = 0;
const compose = (on: Backend = backend, cache = `cache-${count++}`) =>
  createHeadstart({ backend: on, plugins: [pointPlugin(), extra()], cacheRoot: join(root, cache) });
const newFolder = () => join(root, `run-${count++}`);
const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));

/** The lines of a model's history without what a clock decides. */
async function historyOf(directory: string): Promise<Omit<EpochInfo, 'seconds'>[]> {
  const lines = (await readFile(join(directory, 'history.jsonl'), 'utf8')).trim().split('\n');
  return lines.map((line) => {
    const { seconds, ...rest } = JSON.parse(line) as EpochInfo;
    expect(seconds).toBeGreaterThan(0);
    return rest;
  });
}

/** Interrupts a run again and again, each time after so many steps, until it ends. */
async function inPieces(
  request: TransferRequest,
  stepsAPiece: readonly number[],
): Promise<{ result: TransferResult; pieces: number }> {
  const out = newFolder();
  for (let pieces = 1; ; pieces++) {
    const headstart = await compose();
    const stop = new AbortController();
    let steps = 0;
    const events: Partial<RunEvents> = {
      step: () => void (++steps === (stepsAPiece[pieces - 1] ?? Infinity) && stop.abort()),
    };
    const options = { events, signal: stop.signal };
    try {
      const result = await (pieces === 1
        ? headstart.train({ ...request, out }, options)
        : headstart.resume(out, options));
      return { result, pieces };
    } catch (error) {
      expect(error).toMatchObject({ code: 'interrupted', hint: expect.stringContaining(out) as string });
    }
  }
}

describe('a run in pieces', () => {
  // 63 training samples in batches of 8: eight steps per epoch.
  it.each<[string, Partial<TransferRequest>, number[]]>([
    [
      'a rate found by a range test, two phases',
      { strategy: 'lp-ft', epochs: 2, learningRate: 'auto' },
      [3, 100, 137, 1, 9],
    ],
    [
      'early stopping',
      { strategy: 'linear-probe', epochs: 60, patience: 3, learningRate: 0.05, split: [30, 60, 10] },
      [1, 7, 8, 8],
    ],
    [
      'batch norm, augmentation, an average',
      { strategy: 'fine-tune', epochs: 3, augmentation: 'jitter', ema: 0.8 },
      [5, 3, 1, 8],
    ],
    ['views of two samples', { strategy: 'fine-tune', epochs: 3, augmentation: 'blend' }, [5, 3, 1, 8]],
    [
      'cached views of two samples',
      { strategy: 'linear-probe', epochs: 3, augmentation: 'blend', views: 2 },
      [5, 3, 1, 8],
    ],
    ['anchored weights', { strategy: 'l2-sp', epochs: 2 }, [4, 6]],
    [
      'pairs within a batch, then a head',
      { strategy: 'contrastive', epochs: 3, augmentation: 'jitter', ema: 0.8 },
      [5, 3, 30, 1],
    ],
    ['low-rank adapters', { strategy: 'lora:1', epochs: 3, augmentation: 'jitter', ema: 0.8 }, [5, 3, 1, 8]],
    ['fresh weights', { strategy: 'from-scratch', epochs: 2 }, [2, 11]],
  ])('with %s ends as a whole one does: weights, metrics, history', async (_what, settings, steps) => {
    const request: TransferRequest = { target: 'points', seed: 4, batchSize: 8, ...settings };
    const whole = await (await compose()).train({ ...request, out: newFolder() });
    const { result, pieces } = await inPieces(request, steps);
    expect(pieces).toBe(steps.length + 1);
    const { total, features, training, evaluation } = result.seconds;
    expect(total).toBeGreaterThan(features + training + evaluation);
    expect((await weightsOf(result.model)).equals(await weightsOf(whole.model))).toBe(true);
    expect(result.metrics).toEqual(whole.metrics);
    expect(await historyOf(result.model)).toEqual(await historyOf(whole.model));
    const files = (await readdir(result.model)).sort();
    expect(files).toEqual([
      ...(settings.strategy === 'lora:1' ? ['adapters.safetensors'] : []),
      'history.jsonl',
      'model.json',
      'weights.safetensors',
    ]);
    const [first] = files;
    if (first === 'adapters.safetensors')
      expect((await readFile(join(result.model, first))).equals(await readFile(join(whole.model, first)))).toBe(true);
  });

  it('goes on from the epoch at which it stops early', async () => {
    const request: TransferRequest = {
      target: 'points',
      seed: 4,
      batchSize: 8,
      strategy: 'linear-probe',
      epochs: 60,
      patience: 2,
      learningRate: 0.05,
      split: [30, 60, 10],
    };
    const whole = await (await compose()).train({ ...request, out: newFolder() });
    const history = await historyOf(whole.model);
    expect(history.length).toBeLessThan(60);
    const { result, pieces } = await inPieces(request, [4 * history.length]);
    expect(pieces).toBe(2);
    expect((await weightsOf(result.model)).equals(await weightsOf(whole.model))).toBe(true);
    expect(await historyOf(result.model)).toEqual(history);
  });
});

describe('an interruption while features are computed', () => {
  it('keeps the run, which goes on', async () => {
    const stop = new AbortController();
    const out = newFolder();
    const request: TransferRequest = { target: 'points', strategy: 'linear-probe', epochs: 1, out };
    const before = memory().numTensors;
    const running = (await compose()).train(request, { signal: stop.signal, events: { runStart: () => stop.abort() } });
    await expect(running).rejects.toMatchObject({
      code: 'interrupted',
      message: expect.stringContaining('features') as string,
    });
    expect(memory().numTensors).toBe(before);
    expect(await readdir(out)).toEqual(['run.json']);
    const resumed = await (await compose()).resume(out);
    const whole = await (await compose()).train({ ...request, out: newFolder() });
    expect((await weightsOf(resumed.model)).equals(await weightsOf(whole.model))).toBe(true);
  });
});

describe('a resume', () => {
  async function interruptedRun(target: string): Promise<string> {
    const out = newFolder();
    const stop = new AbortController();
    const events = { step: () => stop.abort() };
    const running = (await compose()).train(
      { target, strategy: 'linear-probe', epochs: 2, batchSize: 8, out },
      { signal: stop.signal, events },
    );
    await expect(running).rejects.toMatchObject({ code: 'interrupted' });
    return out;
  }

  it.each<[string, (data: TargetData) => TargetData]>([
    ['a sample is gone', (data) => ({ ...data, samples: data.samples.slice(1) })],
    [
      'a content changed',
      (data) => ({
        ...data,
        samples: data.samples.map((read, i) => (i === 5 ? { sample: { ...read.sample, digest: 'new' } } : read)),
      }),
    ],
    [
      'a label changed',
      (data) => ({
        ...data,
        samples: data.samples.map((read, i) => (i === 5 ? { sample: { ...read.sample, label: 0 } } : read)),
      }),
    ],
    ['the labels changed', (data) => ({ ...data, labels: ['up', 'right', 'west'] })],
  ])('is refused where %s, and the run stays as it was', async (_what, change) => {
    altered = (data) => data;
    const out = await interruptedRun('alterable');
    const checkpoint = await readFile(join(out, 'checkpoint.safetensors'));
    altered = change;
    await expect((await compose()).resume(out)).rejects.toMatchObject({
      code: 'resume-mismatch',
      message: expect.stringContaining('"alterable" has changed') as string,
    });
    expect((await readdir(out)).sort()).toEqual(['checkpoint.safetensors', 'run.json']);
    expect((await readFile(join(out, 'checkpoint.safetensors'))).equals(checkpoint)).toBe(true);
    altered = (data) => data;
    expect((await (await compose()).resume(out)).model).toBe(out);
  });

  it('on another backend warns', async () => {
    const out = await interruptedRun('points');
    const warnings: string[] = [];
    await (await compose({ ...backend, details: { library: '2' } })).resume(out, {
      events: { warning: (text) => void warnings.push(text) },
    });
    expect(warnings).toEqual([expect.stringContaining('library was not set and is 2 now') as string]);
  });

  it('takes away what a killed process had not finished', async () => {
    const out = await interruptedRun('points');
    await writeFile(join(out, '.checkpoint.safetensors.99-0123456789ab.tmp'), 'half');
    const { model } = await (await compose()).resume(out);
    expect((await readdir(model)).sort()).toEqual(['history.jsonl', 'model.json', 'weights.safetensors']);
  });
});

describe('a run that fails', () => {
  it('by diverging leaves neither tensors nor a folder', async () => {
    const out = newFolder();
    const headstart = await compose();
    const before = memory().numTensors;
    const request: TransferRequest = {
      target: 'points',
      strategy: 'fine-tune',
      learningRate: 1e30,
      batchSize: 8,
      epochs: 2,
      out,
    };
    await expect(headstart.train(request)).rejects.toMatchObject({
      code: 'diverged',
      hint: expect.stringContaining('--learning-rate') as string,
    });
    expect(memory().numTensors).toBe(before);
    await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('by a handler that throws ends with that error', async () => {
    const out = newFolder();
    const error = new Error('no more');
    const before = memory().numTensors;
    const events: Partial<RunEvents> = {
      step: ({ step }) => {
        if (step === 3) throw error;
      },
    };
    await expect(
      (await compose()).train({ target: 'points', strategy: 'linear-probe', batchSize: 8, out }, { events }),
    ).rejects.toBe(error);
    expect(memory().numTensors).toBe(before);
    await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('evaluating a saved model', () => {
  it('takes the test split of its own data, and everything of data that cannot be split', async () => {
    altered = (data) => data;
    const headstart = await compose();
    const { model: folder } = await headstart.train({
      target: 'points',
      strategy: 'linear-probe',
      epochs: 2,
      out: newFolder(),
    });
    const model = await headstart.load(folder);
    const evaluated = async () => {
      const { split, samples } = await model.evaluate('alterable');
      return [split, samples];
    };
    expect(await evaluated()).toEqual(['test', 18]);
    // One sample of a class: nothing to train on, but something to evaluate.
    altered = (data) => ({ ...data, samples: data.samples.slice(0, 4) });
    expect(await evaluated()).toEqual(['all', 4]);
    altered = (data) => ({
      ...data,
      samples: data.samples.slice(0, 4).map(({ sample }) => ({ sample, split: 'test' })),
    });
    expect(await evaluated()).toEqual(['test', 4]);
    altered = (data) => ({
      ...data,
      samples: data.samples.slice(0, 4).map(({ sample }) => ({ sample, split: 'train' })),
    });
    expect(await evaluated()).toEqual(['all', 4]);
    await expect(model.evaluate('alterable', { split: 'validation' })).rejects.toMatchObject({ code: 'target-empty' });
    altered = (data) => ({ ...data, labels: ['up', 'right', 'west'] });
    await expect(evaluated()).rejects.toMatchObject({
      code: 'label-invalid',
      message: expect.stringContaining('west') as string,
    });
    model.dispose();
  });
});
