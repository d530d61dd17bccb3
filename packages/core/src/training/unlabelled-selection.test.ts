import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { PREDICTION_CRITERIA, SELECTIONS, UNLABELLED_CRITERIA, VALIDATION_CRITERIA } from '../options/criteria.ts';
import { definePlugin } from '../plugins/plugin.ts';
import type { EpochInfo } from '../runs/events.ts';
import type { TransferRequest } from '../runs/request.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import type { Headstart } from '../runtime/headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin, pointTask, type PointSample } from '../testing/point-domain.ts';
import { refusalOf } from '../testing/refusal-of.ts';

/** The points, moved: some of them. */
const moved = (
  id: string,
  count: number,
  alter: (data: TargetData) => TargetData = (data) => data,
): RegisteredDataset => ({
  ...pointDataset,
  id,
  async load(...args) {
    const data = await pointDataset.load(...args);
    const samples = data.samples.slice(0, count).map(({ sample }) => {
      const [x, y] = (sample as PointSample).point;
      return { sample: { ...sample, digest: `${id}-${sample.digest}`, point: [x + 1, y + 1] } };
    });
    return alter({ ...data, id, samples });
  },
});
const more = definePlugin({
  name: 'more',
  version: '1.0.0',
  headstart: '^0.1',
  setup({ datasets, tasks }) {
    datasets.add(moved('moved', 60));
    datasets.add(moved('few', 20));
    datasets.add(moved('judged', 30));
    const turned = (data: TargetData): TargetData => {
      const samples = data.samples.map(({ sample }) => ({ sample: { ...sample, label: (sample.label! + 1) % 3 } }));
      return { ...data, samples };
    };
    datasets.add(moved('mislabelled', 30, turned));
    datasets.add(moved('other-labels', 30, (data) => ({ ...data, labels: ['up', 'right', 'sideways'] })));
    const words = moved('words', 30, (data) => ({ ...data, modality: 'text', labels: ['good', 'bad', 'so-so'] }));
    datasets.add({ ...words, modality: 'text' });
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
    expect(Object.keys(would)).toEqual(['last', 'source-validation', ...PREDICTION_CRITERIA]);
    for (const criterion of PREDICTION_CRITERIA) {
      const values = epochs.map(({ unlabelled }) => unlabelled![criterion]!);
      const best = Math.max(...values);
      expect(would[criterion]).toEqual({ epoch: values.lastIndexOf(best) + 1, value: best });
    }
  });

  it.each(UNLABELLED_CRITERIA)('is the one that %s chooses where that is asked for', async (select) => {
    const { chosen, selection, epochs } = await trained({ select, split: [30, 60, 10] });
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

  it.each(VALIDATION_CRITERIA)('is the last one where %s has too few validation samples', async (select) => {
    const { chosen } = await trained({ select, split: [60, 20, 20] });
    const why = expect.stringContaining('which takes 50 validation samples') as string;
    expect(chosen).toMatchObject([{ epoch: 4, by: 'last', why }]);
  });

  it.each([
    [{ select: 'nuclear-norm', adapt: undefined, strategy: 'linear-probe' }, 'invalid-option', '--adapt'],
    [{ select: 'certainty', task: 'no-classes' }, 'not-supported', '"no-classes"'],
    [{ select: 'oracle' as never }, 'invalid-option', '"select"'],
  ] as const)('refuses %j', async (request, code, mention) => {
    await refusalOf(headstart.train(asked(request)), code, mention);
  });
});

describe('epochs judged on the test domain', () => {
  const settings = { split: [30, 60, 10] as const, strategy: 'mcc', epochs: 3 };

  it('have their accuracy beside the choice, the best one, and how far the kept one is from it', async () => {
    const { selection, model } = await trained({ ...settings, judge: 'judged' });
    const [{ judged, would }] = selection as [NonNullable<typeof selection>[number]];
    const { accuracies, kept, oracle, regret, ...of } = judged!;
    expect(of).toEqual({ on: 'judged', samples: 30, setting: 'inductive' });
    expect(accuracies).toHaveLength(3);
    const best = Math.max(...accuracies);
    expect(oracle).toEqual({ epoch: accuracies.indexOf(best) + 1, accuracy: best });
    expect(kept).toEqual({ epoch: 3, accuracy: accuracies[2] });
    expect(regret).toBe(best - accuracies[2]!);
    expect(Object.keys(would)).toEqual([...SELECTIONS]);
    for (const way of SELECTIONS) expect(would[way]!.accuracy).toBe(accuracies[would[way]!.epoch - 1]);
    // The kept epoch's is what the saved model comes to.
    const saved = await headstart.load(model);
    const { metrics } = await saved.evaluate('judged');
    saved.dispose();
    expect(metrics.values['accuracy']).toBeCloseTo(kept.accuracy, 12);
  });

  it('are judged so where the samples are among those that were adapted to: transductive', async () => {
    const { selection } = await trained({ ...settings, judge: 'moved' });
    expect(selection).toMatchObject([{ judged: { on: 'moved', samples: 60, setting: 'transductive' } }]);
  });

  it.each(['last', 'certainty', 'deep-embedded-validation'] as const)(
    'leave the model as it is without, chosen by %s, whatever their labels are',
    async (select) => {
      const runs = [];
      for (const judge of [undefined, 'judged', 'mislabelled'])
        runs.push(await trained({ ...settings, select, judge }));
      const [plain, ...others] = await Promise.all(
        runs.map(({ model }) => readFile(join(model, 'weights.safetensors'))),
      );
      for (const weights of others) expect(weights.equals(plain!)).toBe(true);
      const histories = await Promise.all(runs.map(({ model }) => readFile(join(model, 'history.jsonl'), 'utf8')));
      expect(withoutSeconds(histories[2]!)).toEqual(withoutSeconds(histories[1]!));
      const [, judged, mislabelled] = runs.map(({ selection }) => selection![0]!.judged);
      expect(mislabelled!.kept.epoch).toBe(judged!.kept.epoch);
      expect(mislabelled!.kept.accuracy).not.toBe(judged!.kept.accuracy);
    },
  );

  it('are the same after an interruption', async () => {
    const request = asked({ ...settings, judge: 'judged', checkpointEvery: 1 });
    const whole = await headstart.train({ ...request, out: join(folder, `run-${runs++}`) });
    const stop = new AbortController();
    let steps = 0;
    const events = { step: () => void (++steps === 3 && stop.abort()) };
    await refusalOf(headstart.train(request, { events, signal: stop.signal }), 'interrupted');
    const resumed = await headstart.resume(request.out!);
    expect(resumed.selection).toEqual(whole.selection);
  });

  it.each([
    [{ judge: 'judged', adapt: undefined, strategy: 'linear-probe' }, 'invalid-option', 'nothing is adapted to'],
    [{ judge: 'judged', task: 'no-classes' }, 'not-supported', '"no-classes"'],
    [{ judge: 'nowhere' }, 'target-not-found', 'nowhere'],
    [{ judge: 'other-labels' }, 'label-invalid', 'sideways'],
    [{ judge: 'words' }, 'not-supported', 'words has text data'],
  ] as const)('are refused: %j', async (request, code, mention) => {
    await refusalOf(headstart.train(asked({ ...settings, ...request })), code, mention);
  });
});

function withoutSeconds(history: string): unknown[] {
  return history
    .trim()
    .split('\n')
    .map((line) => ({ ...(JSON.parse(line) as object), seconds: 0 }));
}
