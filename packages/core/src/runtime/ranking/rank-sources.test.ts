import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceDomain } from '../../domains/source-domain.ts';
import type { ReadSample } from '../../domains/target-domain.ts';
import { SCORES } from '../../options/scores.ts';
import type { Backbone } from '../../network/backbone.ts';
import { definePlugin } from '../../plugins/plugin.ts';
import { plainBackend } from '../../testing/plain-backend.ts';
import { pointDataset, pointPlugin } from '../../testing/point-domain.ts';
import { pointSource } from '../../testing/point-net.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { createHeadstart } from '../create-headstart.ts';
import type { Headstart } from '../headstart.ts';

/** The point net with its first stage as a feature, and a classifier of its own: the three largest of its features. */
const classifying: SourceDomain = {
  ...pointSource,
  id: 'classifying-net',
  card: { ...pointSource.card, parameters: 100 },
  async open(runtime, options): Promise<Backbone> {
    const backbone = await pointSource.open(runtime, options);
    return {
      ...backbone,
      features: [
        { name: 'middle', stage: 'lower', tensor: 'middle', shape: [8], kind: 'vector' },
        ...backbone.features,
      ],
      sourceHead: {
        stage: {
          name: 'classifier',
          variables: [],
          forward: ({ vector }) => ({ logits: vector!.slice([0, 0], [-1, 3]) }),
          initialise: () => {},
        },
      },
    };
  },
};
const words: SourceDomain = { ...pointSource, id: 'words', modality: 'text' };

/** The points, each changed. */
const others = (id: string, change: (read: ReadSample) => ReadSample) => ({
  ...pointDataset,
  id,
  load: async (...args: Parameters<typeof pointDataset.load>) => {
    const data = await pointDataset.load(...args);
    return { ...data, samples: data.samples.map(change) };
  },
});

const more = definePlugin({
  name: 'more',
  version: '1.0.0',
  headstart: '^0.1',
  setup({ sources, datasets }) {
    sources.add(classifying);
    sources.add(words);
    datasets.add(
      others('several', ({ sample: { label, ...sample } }) => ({ sample: { ...sample, labels: [label!] } })),
    );
    datasets.add(
      others('one-each', (read) => ({
        ...read,
        split: ['p0', 'p1', 'p2'].includes(read.sample.id) ? 'train' : 'test',
      })),
    );
  },
});

let folder: string;
let headstart: Headstart;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-ranking-'));
  headstart = await createHeadstart({
    backend: await plainBackend(),
    plugins: [pointPlugin(), more()],
    cacheRoot: folder,
  });
});
afterAll(async () => {
  await headstart.close();
  await rm(folder, { recursive: true });
});

describe('rankSources', () => {
  it('orders sources and their layers by the score, with the baselines beside it', async () => {
    const tensors = memory().numTensors;
    const found = await headstart.rankSources({ target: 'points' });
    expect(memory().numTensors).toBe(tensors);
    expect(found).toMatchObject({ target: 'points', task: 'point-classification', score: 'probe', classes: 3 });
    // 70 % of each class's 30 points.
    expect(found.samples).toBe(63);
    expect(found.candidates.map(({ source, layer, last }) => `${source}/${layer}${last ? '*' : ''}`).sort()).toEqual([
      'classifying-net/middle',
      'classifying-net/vector*',
      'point-net/vector*',
    ]);
    const values = found.candidates.map(({ score }) => score);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    // Three clouds 3 apart with a spread of 0.7: frozen random features keep them apart.
    for (const { score, nearestNeighbour } of found.candidates) {
      expect(score).toBeGreaterThan(0.8);
      expect(nearestNeighbour).toBeGreaterThan(0.8);
    }
    expect(found.baselines.size).toEqual({ source: 'classifying-net', layer: 'vector' });
    expect(found.refused).toEqual([]);
  });

  it('takes features from the store where they are there', async () => {
    await headstart.rankSources({ target: 'points', samples: 20 });
    const { sources, samples } = await headstart.rankSources({ target: 'points', samples: 20, score: 'logme' });
    // A class has 21 of 63 points: 20 / 3 of them, rounded down.
    expect(samples).toBe(18);
    expect(sources.map(({ reused, computed }) => [reused, computed])).toEqual([
      [18, 0],
      [18, 0],
    ]);
  });

  it.each(SCORES)('ranks by %s', async (score) => {
    const { candidates, refused } = await headstart.rankSources({ target: 'points', score });
    for (const { score: value } of candidates) expect(value).toEqual(expect.any(Number));
    const own = score === 'leep' || score === 'nce';
    expect(candidates).toHaveLength(own ? 1 : 3);
    expect(refused).toEqual(
      own
        ? [{ source: 'point-net', code: 'not-supported', reason: expect.stringContaining('no classifier') as string }]
        : [],
    );
  });

  it('says of each source that was asked for why it has no place', async () => {
    const { candidates, refused } = await headstart.rankSources({ target: 'points', sources: ['point-net', 'words'] });
    expect(candidates.map(({ source }) => source)).toEqual(['point-net']);
    expect(refused).toMatchObject([{ source: 'words', reason: expect.stringContaining('text data') as string }]);
  });

  it.each([
    [{ target: 'points', sources: ['point-net'], score: 'leep' as const }, 'not-supported', 'No source can be ranked'],
    [{ target: 'points', sources: ['point-nat'] }, 'unknown-name', 'point-nat'],
    [{ target: 'points', score: 'size' as never }, 'invalid-option', '"score"'],
    [{ target: 'points', samples: 0 }, 'invalid-option', '"samples"'],
    [{ target: 'points', sources: [] }, 'invalid-option', '"sources"'],
    [{ target: 'several' }, 'not-supported', 'one class per sample'],
    [{ target: 'one-each' }, 'target-too-small', '3 training samples in 3 classes'],
  ])('refuses %j', async (request, code, message) => {
    await refusalOf(headstart.rankSources(request), code, message);
  });
});
