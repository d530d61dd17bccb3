import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, softmax, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import type { LabelChanges } from '../models/new-labels.ts';
import type { Tensors } from '../network/tensors.ts';
import { definePlugin } from '../plugins/plugin.ts';
import { likeliestLabel, mergedLogits, summedProbabilities } from '../tasks/merged-outputs.ts';
import { decodeRanked, type RankedPrediction } from '../tasks/ranked-prediction.ts';
import type { Task } from '../tasks/task.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin, pointTask, type PointSample } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';
import type { Headstart } from './headstart.ts';

const ranked = {
  ...pointTask,
  id: 'ranked-points',
  decode: (outputs: Tensors, labels: readonly string[]) => decodeRanked(outputs['logits']!, labels),
  describe: ({ label }: RankedPrediction) => label,
  mergeLogits: { outputs: ['logits'], merge: summedProbabilities },
} as unknown as Task<PointSample, RankedPrediction>;
const two: RegisteredDataset = {
  ...pointDataset,
  id: 'two-ways',
  task: ranked.id,
  async load(...args) {
    const data = await pointDataset.load(...args);
    const samples = data.samples.map(({ sample }) => ({ sample: { ...sample, label: sample.label === 0 ? 0 : 1 } }));
    return { ...data, id: 'two-ways', labels: ['up', 'down'], samples };
  },
};
/** Of the same labels, and not what anything was trained on. */
const others: RegisteredDataset = {
  ...pointDataset,
  id: 'others',
  task: ranked.id,
  async load(...args) {
    const data = await pointDataset.load(...args);
    return { ...data, id: 'others', samples: data.samples.filter((_, i) => i % 2 === 0) };
  },
};
const plugin = definePlugin({
  name: 'ranked-points',
  version: '1.0.0',
  headstart: '*',
  setup({ tasks, datasets }) {
    tasks.add(ranked);
    datasets.add({ ...pointDataset, id: 'ranked', task: ranked.id });
    datasets.add(two);
    datasets.add(others);
  },
});

let root: string;
let headstart: Headstart;
let trained: string;
let runs = 0;
const folder = () => join(root, `out-${runs++}`);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-relabel-'));
  const plugins = [pointPlugin(), plugin()];
  headstart = await createHeadstart({ backend: await plainBackend(), plugins, cacheRoot: join(root, 'cache') });
  ({ model: trained } = await headstart.train({ target: 'ranked', epochs: 5, batchSize: 8, seed: 1, out: folder() }));
});
afterAll(() => rm(root, { recursive: true }));

async function filesOf(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), 'hex')] as const)),
  );
}

async function probabilities(directory: string): Promise<Record<string, number>> {
  const model = await headstart.load<RankedPrediction>(directory);
  const [{ top } = { top: [] }] = await model.predict(['0.3,0.2']);
  model.dispose();
  return Object.fromEntries(top.map(({ label, probability }) => [label, probability]));
}

describe('a model with other labels', () => {
  it('calls them otherwise, and is judged on data of either names', async () => {
    const before = await filesOf(trained);
    const tensors = memory().numTensors;
    const { model, labels } = await headstart.relabel(
      trained,
      {
        rename: [
          ['left', 'west'],
          ['right', 'left'],
        ],
      },
      folder(),
    );
    expect(labels).toEqual(['up', 'left', 'west']);
    expect(await filesOf(trained)).toEqual(before);
    const [old, now] = [await probabilities(trained), await probabilities(model)];
    expect(now).toEqual({ up: old['up'], left: old['right'], west: old['left'] });
    const loaded = await headstart.load(model);
    const { metrics, split } = await loaded.evaluate('ranked');
    expect(split).toBe('test'); // known again as what it was trained on
    loaded.dispose();
    const first = await headstart.load(trained);
    expect(metrics.values).toEqual((await first.evaluate('ranked')).metrics.values);
    first.dispose();
    expect(memory().numTensors).toBe(tensors);
  });

  it('adds up the probabilities of those that become one, and is judged on them', async () => {
    const { model, labels, metricsDropped } = await headstart.relabel(
      trained,
      { merge: [[['right', 'left'], 'down']] },
      folder(),
    );
    expect(labels).toEqual(['up', 'down']);
    expect(metricsDropped).toBe(true);
    const [old, now] = [await probabilities(trained), await probabilities(model)];
    expect(now['up']).toBeCloseTo(old['up']!, 6);
    expect(now['down']).toBeCloseTo(old['left']! + old['right']!, 6);
    const loaded = await headstart.load(model);
    const former = await loaded.evaluate('ranked', { split: 'all' });
    const merged = await loaded.evaluate('two-ways', { split: 'all' });
    loaded.dispose();
    expect(former.metrics.values).toEqual(merged.metrics.values);
    const card = JSON.parse(await readFile(join(model, 'model.json'), 'utf8')) as object;
    expect(card).toMatchObject({
      labels,
      metrics: {},
      relabelled: { labels: ['up', 'right', 'left'], places: [0, 1, 1] },
    });

    // Again, from what was made.
    const again = await headstart.relabel(model, { rename: [['down', 'rest']] }, folder());
    expect(await probabilities(again.model)).toEqual({ up: now['up'], rest: now['down'] });
    expect(
      (await headstart.train({ target: 'two-ways', source: `model:${model}`, epochs: 1, out: folder() })).task,
    ).toBe(ranked.id);
  });

  it('warns where its labels were swapped and the data are not those of the training', async () => {
    const swap = [
      ['left', 'right'],
      ['right', 'left'],
    ] as const;
    const { model } = await headstart.relabel(trained, { rename: swap }, folder());
    const loaded = await headstart.load(model);
    const known = await loaded.evaluate('ranked', { split: 'all' });
    expect(known.warnings).toEqual([]);
    const { metrics, warnings } = await loaded.evaluate('others', { split: 'all' });
    expect(warnings.map(({ code }) => code)).toEqual(['ambiguous-labels']);
    await expect(loaded.evaluate('others', { strict: true })).rejects.toMatchObject({ code: 'target-doubtful' });
    loaded.dispose();
    // By their present names: right where the model says left.
    expect(metrics.values['accuracy']).toBeLessThan(known.metrics.values['accuracy']!);
  });

  it('knows labels whose names went on to others by the names beside them', async () => {
    const rename = [
      ['left', 'west'],
      ['right', 'left'],
    ] as const;
    const { model } = await headstart.relabel(trained, { rename }, folder());
    const loaded = await headstart.load(model);
    const { metrics, warnings } = await loaded.evaluate('others', { split: 'all' });
    loaded.dispose();
    expect(warnings).toEqual([]);
    const first = await headstart.load(trained);
    expect(metrics.values).toEqual((await first.evaluate('others', { split: 'all' })).metrics.values);
    first.dispose();
  });

  it('has a card with a checksum, and damage is found in it and in what it is made from', async () => {
    const { model } = await headstart.relabel(trained, { rename: [['left', 'west']] }, folder());
    const path = join(model, 'model.json');
    const card = await readFile(path);
    expect(card.toString()).toMatch(/"crc32": "[0-9a-f]{8}"\n\}\n$/);
    const flipped = Buffer.from(card);
    flipped[card.indexOf('west')]! ^= 1;
    await writeFile(path, flipped);
    await expect(headstart.load(model)).rejects.toMatchObject({
      code: 'model-invalid',
      message: expect.stringContaining('checksum') as string,
    });
    await writeFile(path, card);
    await writeFile(join(model, 'history.jsonl'), '{}\n');
    const out = folder();
    await expect(headstart.relabel(model, { rename: [['west', 'left']] }, out)).rejects.toMatchObject({
      code: 'model-invalid',
    });
    expect(existsSync(out)).toBe(false);
  });

  it.each<[string, LabelChanges, string, RegExp]>([
    ['a label that it does not have', { rename: [['lift', 'x']] }, 'label-invalid', /no label "lift"/],
    ['a name that another has', { rename: [['left', 'up']] }, 'label-invalid', /"up", "left" would all be called "up"/],
    [
      'a label twice',
      {
        rename: [
          ['left', 'a'],
          ['left', 'b'],
        ],
      },
      'label-invalid',
      /"left" is changed twice/,
    ],
    ['one label merged', { merge: [[['left'], 'a']] }, 'label-invalid', /One label alone, "left"/],
    ['an empty name', { rename: [['left', ' ']] }, 'label-invalid', /No new name/],
    ['nothing', {}, 'invalid-option', /Nothing is asked/],
  ])('is refused for %s, and nothing is written', async (_what, changes, code, message) => {
    const out = folder();
    await expect(headstart.relabel(trained, changes, out)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
    expect((await readdir(root)).filter((name) => name.includes(out.split('/').at(-1)!))).toEqual([]);
  });

  it('is not written over what is there, nor by a task that cannot', async () => {
    const changes = { rename: [['left', 'west']] } as const;
    await expect(headstart.relabel(trained, changes, trained)).rejects.toMatchObject({ code: 'invalid-option' });
    const { model } = await headstart.train({ target: 'points', epochs: 1, out: folder() });
    await expect(headstart.relabel(trained, changes, model)).rejects.toMatchObject({ code: 'invalid-option' });
    await expect(headstart.relabel(model, { merge: [[['left', 'up'], 'x']] }, folder())).rejects.toMatchObject({
      code: 'not-supported',
    });
    expect((await headstart.relabel(model, changes, folder())).labels).toContain('west');
  });
});

describe('logits of labels that become one', () => {
  it('give the sum of their probabilities, or the largest', () => {
    const merged = tidy(() => {
      const logits = tensor2d([[1, 2, 3, 4]]);
      return {
        before: softmax(logits).arraySync(),
        sum: softmax(mergedLogits(logits, [0, 1, 0, 2], summedProbabilities)).arraySync() as number[][],
        largest: mergedLogits(logits, [0, 1, 0, 2], likeliestLabel).arraySync(),
      };
    });
    const [[a, b, c, d]] = merged.before as [[number, number, number, number]];
    [a + c, b, d].forEach((value, i) => expect(merged.sum[0]![i]).toBeCloseTo(value, 6));
    expect(merged.largest).toEqual([[3, 2, 4]]);
  });
});
