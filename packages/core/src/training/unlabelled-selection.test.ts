import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import { SELECTIONS, UNLABELLED_CRITERIA } from '../options/criteria.ts';
import { definePlugin } from '../plugins/plugin.ts';
import type { EpochInfo } from '../runs/events.ts';
import type { TransferRequest } from '../runs/request.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import type { Headstart } from '../runtime/headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin, pointTask, type PointSample } from '../testing/point-domain.ts';
import { refusalOf } from '../testing/refusal-of.ts';

/** The points, moved: some of them. */
const moved = (id: string, count: number): RegisteredDataset => ({
  ...pointDataset,
  id,
  async load(...args) {
    const data = await pointDataset.load(...args);
    const samples = data.samples.slice(0, count).map(({ sample }) => {
      const [x, y] = (sample as PointSample).point;
      return { sample: { ...sample, digest: `${id}-${sample.digest}`, point: [x + 1, y + 1] } };
    });
    return { ...data, id, samples };
  },
});
const more = definePlugin({
  name: 'more',
  version: '1.0.0',
  headstart: '^0.1',
  setup({ datasets, tasks }) {
    datasets.add(moved('moved', 60));
    datasets.add(moved('few', 20));
    tasks.add({ ...pointTask, id: 'no-classes', weighsClasses: undefined });
  },
});

let folder: string;
let headstart: Headstart;
let runs = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-selection-'));
  const plugins = [pointPlugin(), more()];
  headstart = await createHeadstart({ backend: await plainBackend(), plugins, cacheRoot: join(folder, 'cache') });
});
afterAll(async () => {
  await headstart.close();
  await rm(folder, { recursive: true });
});

const asked = (request: Partial<TransferRequest>): TransferRequest => ({
  target: 'points',
  adapt: 'moved',
  strategy: 'mcc',
  epochs: 4,
  batchSize: 16,
  seed: 1,
  out: join(folder, `run-${runs++}`),
  ...request,
});

async function trained(request: Partial<TransferRequest>) {
  const epochs: EpochInfo[] = [];
  const tensors = memory().numTensors;
  const result = await headstart.train(asked(request), { events: { epochEnd: (epoch) => void epochs.push(epoch) } });
  expect(memory().numTensors).toBe(tensors);
  return { ...result, epochs };
}

describe('the epoch that a phase keeps which adapts', () => {
  it('is the last one, with what every other way would have kept beside it', async () => {
    const { chosen, selection, epochs } = await trained({});
    expect(chosen).toMatchObject([{ epoch: 4, of: 4, by: 'last' }]);
    expect(selection).toMatchObject([{ by: 'last', would: { last: { epoch: 4 } } }]);
    const { would } = selection![0]!;
    expect(Object.keys(would)).toEqual([...SELECTIONS]);
    for (const criterion of UNLABELLED_CRITERIA) {
      const values = epochs.map(({ unlabelled }) => unlabelled![criterion]!);
      const best = Math.max(...values);
      expect(would[criterion]).toEqual({ epoch: values.lastIndexOf(best) + 1, value: best });
    }
  });

  it.each(UNLABELLED_CRITERIA)('is the one that %s chooses where that is asked for', async (select) => {
    const { chosen, selection, epochs } = await trained({ select });
    const values = epochs.map(({ unlabelled }) => unlabelled![select]!);
    const epoch = values.lastIndexOf(Math.max(...values)) + 1;
    expect(chosen).toMatchObject([{ epoch, by: 'criterion', why: expect.stringContaining(select) as string }]);
    expect(selection).toMatchObject([{ by: select }]);
  });

  it('is the last one where unlabelled samples are too few to tell epochs apart', async () => {
    const { chosen } = await trained({ select: 'nuclear-norm', adapt: 'few' });
    const why = expect.stringContaining('20 unlabelled samples are too few') as string;
    expect(chosen).toMatchObject([{ epoch: 4, by: 'last', why }]);
  });

  it('is chosen by the labelled validation split where that is asked for, and without samples to adapt to', async () => {
    const split = [30, 60, 10] as const;
    const { chosen } = await trained({ select: 'source-validation', split });
    expect(chosen[0]!.by).not.toBe('criterion');
    expect(chosen[0]!.by).not.toBe('last');
    const { selection, epochs } = await trained({ adapt: undefined, strategy: 'linear-probe', split });
    expect(selection).toBeUndefined();
    expect(epochs[0]!.unlabelled).toBeUndefined();
  });

  it.each([
    [{ select: 'nuclear-norm', adapt: undefined, strategy: 'linear-probe' }, 'invalid-option', '--adapt'],
    [{ select: 'certainty', task: 'no-classes' }, 'not-supported', '"no-classes"'],
    [{ select: 'oracle' as never }, 'invalid-option', '"select"'],
  ] as const)('refuses %j', async (request, code, mention) => {
    await refusalOf(headstart.train(asked(request)), code, mention);
  });
});
