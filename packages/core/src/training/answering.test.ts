import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Backend } from '../ports/backend.ts';
import type { ModelCard } from '../models/card-schema.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { definePlugin } from '../plugins/plugin.ts';
import type { ReportOptions } from '../metrics/evaluator.ts';
import { withMembers } from '../network/with-members.ts';
import { pointPlugin, pointTask } from '../testing/point-domain.ts';

let backend: Backend;
let root: string;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-answering-'));
});
afterAll(() => rm(root, { recursive: true }));

const compose = () => createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, 'cache') });
const request = { target: 'points', strategy: 'linear-probe', epochs: 2, seed: 1, split: [40, 40, 20] as const };

it('makes a temperature part of the model: it is what is saved, loaded and evaluated', async () => {
  const headstart = await compose();
  const tensors = memory().numTensors;
  const plain = await headstart.train({ ...request, out: join(root, 'plain') });
  const { calibration, metrics, model } = await headstart.train({
    ...request,
    calibrate: 'temperature',
    out: join(root, 'calibrated'),
  });
  const { temperature, samples, splits } = calibration!;
  expect(samples).toBe(36);
  expect(temperature).not.toBeCloseTo(1, 1);
  // Without it, the numbers are those of the model that was trained alike and left as it was.
  for (const split of ['validation', 'test']) {
    for (const name of ['ece', 'nll'] as const) {
      expect(splits[split]!.before[name]).toBeCloseTo(plain.metrics[split]![name]!, 4);
      expect(splits[split]!.after[name]).toBe(metrics[split]![name]);
    }
    expect(metrics[split]!['accuracy']).toBe(plain.metrics[split]!['accuracy']);
  }
  expect(splits['validation']!.after.nll).toBeLessThan(splits['validation']!.before.nll);
  const card = JSON.parse(await readFile(join(model, 'model.json'), 'utf8')) as ModelCard;
  expect(card.calibration).toEqual(calibration);
  const loaded = await headstart.load(model);
  expect((await loaded.evaluate('points')).metrics.values['nll']).toBeCloseTo(metrics['test']!['nll']!, 6);
  loaded.dispose();
  expect(memory().numTensors).toBe(tensors);
});

it('computes intervals for what is reported alone, not for what a temperature is fitted on', async () => {
  const asked: boolean[] = [];
  const task = {
    ...pointTask,
    id: 'heard-points',
    evaluator: (labels: readonly string[]) => {
      const evaluator = pointTask.evaluator(labels);
      const report = (options: ReportOptions = {}) => (
        asked.push(options.intervals ?? false), evaluator.report(options)
      );
      return withMembers(evaluator, { report });
    },
  };
  const heard = definePlugin({
    name: 'heard',
    version: '1.0.0',
    headstart: '*',
    setup: ({ tasks }) => tasks.add(task),
  });
  const headstart = await createHeadstart({
    backend,
    plugins: [pointPlugin(), heard()],
    cacheRoot: join(root, 'cache'),
  });
  const out = join(root, 'heard');
  const { intervals } = await headstart.train({ ...request, task: task.id, calibrate: 'temperature', out });
  expect(Object.keys(intervals)).toEqual(['validation', 'test']);
  // One for each split in the end; not for two epochs, and not for the temperature.
  expect(asked.sort()).toEqual([false, false, false, true, true]);
});

it.each([
  [
    { calibrate: 'temperature', split: [80, 0, 20] },
    /A temperature is fitted on the validation split, and there is none/,
  ],
  [{ calibrate: 'temprature' }, /"calibrate" cannot be "temprature"/],
  [{ abstainBelow: 2 }, /"abstainBelow" cannot be 2: it must be a number 0 or more and below 1/],
  [{ abstainBelow: 0.5 }, /"point-classification" takes neither thresholds/],
  [{ tuneThresholds: true }, /"point-classification" takes neither thresholds/],
] as const)('refuses before the first step: %#', async (asked, message) => {
  const headstart = await compose();
  await expect(headstart.train({ ...request, ...asked, out: join(root, 'refused') } as never)).rejects.toThrow(message);
});
