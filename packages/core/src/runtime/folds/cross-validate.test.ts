import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelCard } from '../../models/card-schema.ts';
import type { Backend } from '../../ports/backend.ts';
import { settleLength } from '../../options/training-length.ts';
import { definePlugin } from '../../plugins/plugin.ts';
import type { TransferRequest } from '../../runs/request.ts';
import { fineTune } from '../../strategies/fine-tune.ts';
import { plainBackend } from '../../testing/plain-backend.ts';
import { pointPlugin } from '../../testing/point-domain.ts';
import { createHeadstart } from '../create-headstart.ts';
import { foldMetrics } from './fold-metrics.ts';

let backend: Backend;
let root: string;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-folds-'));
});
afterAll(() => rm(root, { recursive: true }));

const compose = () => createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, 'cache') });
const request = { target: 'points', epochs: 3 };

describe('cross-validation', () => {
  it.each(['linear-probe', 'fine-tune'])(
    'judges every sample once a repeat, by %s, and then trains on all',
    async (strategy) => {
      const headstart = await compose();
      const tensors = memory().numTensors;
      const out = join(root, strategy);
      const features: number[] = [];
      const { crossValidation, outOfFold, samples, metrics, model } = await headstart.crossValidate(
        { ...request, strategy, out },
        { folds: 3, repeats: 2 },
        { events: { features: ({ computed }) => void features.push(computed) } },
      );
      expect(memory().numTensors).toBe(tensors);
      expect(samples).toEqual({ train: 90, validation: 0, test: 0 });
      expect(metrics).toEqual({});
      expect(features.every((computed) => computed === 0)).toBe(true); // the folds computed them all
      for (const repeat of [1, 2]) {
        const rows = outOfFold.filter((row) => row['repeat'] === repeat);
        expect(new Set(rows.map(({ id }) => id)).size).toBe(90);
        expect([1, 2, 3].map((fold) => rows.filter((row) => row['fold'] === fold).length)).toEqual([30, 30, 30]);
      }
      const { mean, values, interval } = crossValidation.metrics['accuracy']!;
      expect(values).toHaveLength(6);
      // Folds of one size: the mean of their accuracies is that of all rows.
      const right = outOfFold.filter(({ truth, prediction }) => truth === prediction).length;
      expect(mean).toBeCloseTo(right / 180, 10);
      expect(interval![0]).toBeLessThan(mean);
      const [first] = outOfFold;
      expect(Object.keys(first!)).toEqual([
        ...['id', 'repeat', 'fold', 'truth', 'prediction', 'probability'],
        ...['up', 'right', 'left'].map((label) => `probability of ${label}`),
      ]);
      const card = JSON.parse(await readFile(join(model, 'model.json'), 'utf8')) as ModelCard;
      expect(card.crossValidation).toEqual(JSON.parse(JSON.stringify(crossValidation)));
    },
  );

  it('trains each fold as long as is usual for its own samples', async () => {
    const requests: TransferRequest[] = [];
    const listening = definePlugin({
      name: 'listening',
      version: '1.0.0',
      headstart: '*',
      setup: ({ events }) => events.add(({ run }) => (requests.push(run.request), {})),
    });
    const headstart = await createHeadstart({
      backend,
      plugins: [pointPlugin(), listening()],
      cacheRoot: join(root, 'cache'),
    });
    const out = join(root, 'lengths');
    await headstart.crossValidate({ target: 'points', strategy: 'fine-tune', out }, { folds: 3 });
    const [usual, ...lengths] = [90, 60, 60, 60].map(
      (samples) => settleLength({}, fineTune.defaults, samples, '').epochs,
    );
    expect(usual).toBeLessThan(lengths[0]!);
    const [whole, folds] = [
      requests.filter(({ out: own }) => own === out),
      requests.filter(({ out: own }) => own !== out),
    ];
    expect(whole.map(({ epochs }) => epochs)).toEqual([usual]);
    expect(folds.map(({ epochs }) => epochs)).toEqual(lengths);
  });

  it('has the corrected interval of Nadeau and Bengio', () => {
    const values = [0.8, 0.9, 0.85, 0.95, 0.75];
    const { mean, deviation, interval } = foldMetrics(
      values.map((accuracy) => ({ accuracy })),
      5,
    )['accuracy']!;
    expect(mean).toBeCloseTo(0.85, 12);
    expect(deviation).toBeCloseTo(Math.sqrt(0.00625), 12);
    // t of 4 degrees at 97.5 %: 2.7764451; variance (1/5 + 1/4) s².
    expect(interval![1] - mean).toBeCloseTo(2.7764451052 * Math.sqrt(0.45 * 0.00625), 9);
    expect(foldMetrics([{ accuracy: 1 }, { accuracy: 1 }], 2)['accuracy']).not.toHaveProperty('interval');
  });

  it.each([
    [{}, { folds: 31 }, /The class "\w+" has 30 different samples, which cannot be in each of 31 folds/],
    [{}, { folds: 1 }, /"folds" of crossValidate cannot be 1: it must be a whole number, 2 or more/],
    [{}, { folds: 2.5 }, /"folds" of crossValidate cannot be 2.5/],
    [{}, { folds: 3, repeats: 0 }, /"repeats" of crossValidate cannot be 0/],
    [{ split: [80, 10, 10] }, { folds: 3 }, /so does the option "split"/],
    [{ shots: 4 }, { folds: 3 }, /so does the option "shots"/],
    [{}, { fold: 3 }, /crossValidate takes no option "fold"/],
    [{}, {}, /not told how many folds/],
    [{ epoch: 3 }, { folds: 3 }, /A transfer takes no option "epoch"/],
    [
      { calibrate: 'temperature' },
      { folds: 3 },
      /A temperature is fitted on the validation split, and folds leave none/,
    ],
    [{ tuneThresholds: true }, { folds: 3 }, /Thresholds are tuned on the validation split, and folds leave none/],
  ] as const)('refuses what cannot be dealt out: %#', async (more, folds, message) => {
    const headstart = await compose();
    const asked = headstart.crossValidate({ ...request, ...more, out: join(root, 'refused') }, folds as never);
    await expect(asked).rejects.toThrow(message);
  });
});
