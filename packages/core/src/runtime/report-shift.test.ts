import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ModelCard } from '../models/card-schema.ts';
import type { Backend } from '../ports/backend.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';
import { shiftReport } from './report-shift.ts';

let backend: Backend;
let root: string;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-shift-'));
});
afterAll(() => rm(root, { recursive: true }));

const bounds = { neighbour: 3, p95: 0.5, p99: 0.8, of: 'validation', samples: 100 } as const;
const distances = (far: number, further: number, all: number) =>
  Float64Array.from({ length: all }, (_, i) => (i < further ? 0.9 : i < far ? 0.6 : 0.1));

it('counts what lies beyond the bounds, and says what so many inputs tell', () => {
  const alike = shiftReport(distances(10, 2, 200), bounds);
  expect(alike).toMatchObject({ samples: 200, beyond95: 0.05, beyond99: 0.01 });
  expect(alike.summary).toBe(
    '5.0 % of 200 inputs lie further from the training data than 95 % of the 100 validation samples (expected: 5 %), 1.0 % further than 99 % (expected: 1 %): not clearly more than expected.',
  );
  expect(alike.distances.slice(1, 3)).toEqual([1.8, 1.2]);
  expect(shiftReport(distances(40, 9, 200), bounds).summary).toMatch(/^20 % .*: more than expected\.$/);
  expect(shiftReport(distances(100, 90, 200), bounds).summary).toMatch(
    /: far more than expected: they are unlike the samples that the accuracy was measured on/,
  );
  expect(shiftReport(distances(0, 0, 3), bounds).summary).toMatch(/: too few inputs to tell/);
});

it('is told of inputs and of samples by a model that was saved with what it knows', async () => {
  const headstart = await createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, 'cache') });
  const tensors = memory().numTensors;
  const request = { target: 'points', strategy: 'fine-tune', epochs: 2 };
  const { model } = await headstart.train({ ...request, out: join(root, 'run') });
  const card = JSON.parse(await readFile(join(model, 'model.json'), 'utf8')) as ModelCard;
  // Nine validation samples tell no 95 %: the 63 of training do.
  expect(card.known).toMatchObject({ neighbour: 3, of: 'train', samples: 63 });
  const loaded = await headstart.load(model);
  const { shift } = await loaded.evaluate('points', { split: 'train', reportShift: true });
  expect(shift!.samples).toBe(63);
  expect((await loaded.evaluate('points')).shift).toBeUndefined();
  // Of the region's own samples the nearest is each itself, so that fewer lie beyond its bounds.
  expect(shift!.beyond95).toBeLessThanOrEqual(0.05);
  const near = await loaded.reportShift(['0,2', '2,-1']);
  expect(near.distances).toHaveLength(2);
  loaded.dispose();
  const { known: _known, ...older } = card;
  await writeFile(join(model, 'model.json'), JSON.stringify(older));
  const without = await headstart.load(model);
  await expect(without.reportShift(['0,2'])).rejects.toMatchObject({ code: 'not-supported' });
  await expect(without.evaluate('points', { reportShift: true })).rejects.toThrow(
    /does not say what it was trained on/,
  );
  without.dispose();
  expect(memory().numTensors).toBe(tensors);
});
