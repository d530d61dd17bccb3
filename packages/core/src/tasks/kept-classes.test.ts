import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import { LinearHead } from '../network/linear-head.ts';
import { definePlugin } from '../plugins/plugin.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import type { Headstart } from '../runtime/headstart.ts';
import type { ResolvedChoice } from '../runs/choice.ts';
import type { TransferRequest } from '../runs/request.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin, pointTask, type PointSample } from '../testing/point-domain.ts';
import { checkClasses } from './check-classes.ts';
import { keptClasses } from './kept-classes.ts';
import { multiLabelLearning } from './multi-label-learning.ts';
import { severalLabels } from './sample-targets.ts';
import type { Task } from './task.ts';

const linear: Task<PointSample, string> = {
  ...pointTask,
  id: 'linear-points',
  check: checkClasses,
  buildHead: (backbone, labels, random) => new LinearHead(backbone, labels, random),
  keepClasses: keptClasses,
};
const listed: Task<PointSample, unknown> = {
  ...linear,
  ...multiLabelLearning(),
  id: 'listed-points',
  encoder: (options) => ({
    ...pointTask.encoder(options),
    target: (sample) => severalLabels(options.labels.length).of(sample),
  }),
};

/** The points of some classes, each to train on and to test. */
function some(id: string, names: readonly string[], task = 'linear-points'): RegisteredDataset {
  return {
    ...pointDataset,
    id,
    task,
    async load(...args) {
      const data = await pointDataset.load(...args);
      const numbers = data.labels.map((label) => names.indexOf(label));
      const samples = data.samples
        .filter(({ sample }) => numbers[sample.label!]! >= 0)
        .map(({ sample: { label, ...sample } }) => ({
          sample: {
            ...sample,
            ...(task === 'linear-points' ? { label: numbers[label!]! } : { labels: [numbers[label!]!] }),
          },
        }));
      return { ...data, id, labels: names, samples };
    },
  };
}

const plugin = definePlugin({
  name: 'linear-points',
  version: '1.0.0',
  headstart: '*',
  setup({ tasks, datasets }) {
    tasks.add(linear);
    tasks.add(listed);
    datasets.add(some('two', ['up', 'right']));
    datasets.add(some('third', ['left']));
    datasets.add(some('three', ['up', 'right', 'left']));
    datasets.add(some('turned', ['right', 'left']));
    datasets.add(some('two-listed', ['up', 'right'], 'listed-points'));
    datasets.add(some('third-listed', ['left', 'right'], 'listed-points'));
  },
});

let root: string;
let headstart: Headstart;
let runs = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-kept-'));
  headstart = await createHeadstart({
    backend: await plainBackend(),
    plugins: [pointPlugin(), plugin()],
    cacheRoot: join(root, 'cache'),
  });
});
afterAll(() => rm(root, { recursive: true }));

async function train(
  request: Partial<TransferRequest> & { target: string },
): Promise<{ model: string; choices: string[] }> {
  const choices: string[] = [];
  const { model } = await headstart.train(
    {
      strategy: 'linear-probe',
      epochs: 40,
      learningRate: 0.05,
      batchSize: 8,
      seed: 1,
      out: join(root, `run-${runs++}`),
      ...request,
    },
    { events: { choice: ({ what, value }: ResolvedChoice) => void choices.push(`${what}: ${value}`) } },
  );
  return { model, choices };
}

async function recallOf(model: string, target: string): Promise<number> {
  const loaded = await headstart.load(model);
  const { metrics } = await loaded.evaluate(target, { split: 'all' });
  loaded.dispose();
  return metrics.values['accuracy']!;
}

describe('a classifier that learns a class and keeps those it has', () => {
  // Of eight numbers per point, some always 0, a head alone can keep less apart than a network that learns.
  it.each([
    ['linear-probe', 0.75],
    ['fine-tune', 0.9],
  ] as const)('tells all of them apart without a sample of the old ones: %s', async (strategy, least) => {
    const { model: old } = await train({ target: 'two' });
    expect(await recallOf(old, 'two')).toBeGreaterThan(0.95);
    const extend = { source: `model:${old}`, keepClasses: true, strategy } as const;
    const { model, choices } = await train({ target: 'third', ...extend });
    expect(choices).toContain('classes: 2 kept, 1 learned');
    expect(await recallOf(model, 'two')).toBeGreaterThan(least);
    expect(await recallOf(model, 'three')).toBeGreaterThan(least);
  });

  it('keeps labels of which a sample has several', async () => {
    const { model: old } = await train({ target: 'two-listed' });
    const { model } = await train({ target: 'third-listed', source: `model:${old}`, keepClasses: true });
    const loaded = await headstart.load(model);
    const [up, left] = (await loaded.predict(['0,2', '-2,-1'])) as { labels: { label: string }[] }[];
    loaded.dispose();
    expect(loaded.labels).toEqual(['up', 'right', 'left']);
    expect(up!.labels.map(({ label }) => label)).toContain('up');
    expect(left!.labels.map(({ label }) => label)).toContain('left');
  });
});

describe('training that goes on from a classifier', () => {
  it('begins with its head, where classes have the same names, and says what becomes of the others', async () => {
    const { model: old } = await train({ target: 'two' });
    const again = await train({ target: 'two', source: `model:${old}`, epochs: 1, learningRate: 1e-9 });
    expect(again.choices).toContain(`classes: 2 of model:${old} learned on`);
    expect(await recallOf(again.model, 'two')).toBe(await recallOf(old, 'two'));
    const turned = await train({ target: 'turned', source: `model:${old}`, epochs: 1 });
    expect(turned.choices).toContain(`classes: 1 of model:${old} learned on, 1 new, 1 dropped`);
    const other = await train({ target: 'points', source: `model:${old}`, epochs: 1 });
    expect(other.choices).toContain('head: new');
  });
});
