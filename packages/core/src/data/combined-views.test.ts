import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import { datasetOf } from '../domains/splits.ts';
import { definePlugin } from '../plugins/plugin.ts';
import { RandomStream } from '../random/random-stream.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import type { Headstart } from '../runtime/headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin, pointTask, type PointSample } from '../testing/point-domain.ts';
import { encodedSplit } from './split-data.ts';

/** Points that are split as the data set says: the last ones are tested, one more or less is trained on. */
const splitPoints = (id: string, count: number): RegisteredDataset => ({
  ...pointDataset,
  id,
  async load(...args) {
    const { samples, ...data } = await pointDataset.load(...args);
    return {
      ...data,
      id,
      samples: samples.slice(0, count).map(({ sample }, i) => ({ sample, split: i < 3 ? 'test' : 'train' })),
    };
  },
});
const sets = definePlugin({
  name: 'sets',
  version: '1.0.0',
  headstart: '*',
  setup: ({ datasets }) => [60, 59].forEach((count) => datasets.add(splitPoints(`points-${count}`, count))),
});

let root: string;
let headstart: Headstart;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-combined-'));
  headstart = await createHeadstart({
    backend: await plainBackend(),
    plugins: [pointPlugin(), sets()],
    cacheRoot: join(root, 'cache'),
  });
});
afterAll(() => rm(root, { recursive: true }));

describe('views that take parts of other samples', () => {
  it('meet the samples trained on, which input and target agree on, and are others in every epoch', async () => {
    const { samples } = await pointDataset.load({} as never, {} as never);
    const points = datasetOf(samples.slice(0, 12).map(({ sample }) => sample as PointSample));
    const encoder = pointTask.encoder({
      backbone: undefined as never,
      labels: ['up', 'right', 'left'],
      augmentation: 'blend',
    });
    const loader = encodedSplit(encoder, points, { policy: 'blend', random: new RandomStream(1), views: 1 });
    const positions = Uint32Array.from({ length: 12 }, (_, i) => i);
    const [first, again, next] = [
      await loader.load(positions, 0),
      await loader.load(positions, 0),
      await loader.load(positions, 1),
    ];
    expect(first).toEqual(again);
    expect(first.inputs['point']).not.toEqual(next.inputs['point']);
    const companions = Array.from(positions, (i) => {
      const own = points.get(i).point;
      const [x, y] = [0, 1].map((axis) => 2 * first.inputs['point']![2 * i + axis]! - own[axis]!);
      const found = Array.from(positions).find(
        (j) => Math.hypot(points.get(j).point[0] - x!, points.get(j).point[1] - y!) < 1e-5,
      );
      const shares = [0, 1, 2].map(
        (label) => (points.get(i).label === label ? 0.5 : 0) + (points.get(found!).label === label ? 0.5 : 0),
      );
      expect(Array.from(first.targets['label']!.subarray(3 * i, 3 * i + 3))).toEqual(shares);
      return found;
    });
    expect(new Set(companions).size).toBeGreaterThan(4);
    expect((await loader.load(positions)).inputs['point']).toEqual(
      Float32Array.from(Array.from(positions).flatMap((i) => [...points.get(i).point])),
    );
  });

  it('are found in the cache by a run on the same samples, not by one on others', async () => {
    let runs = 0;
    const computed = async (target: string, augmentation: string, seed: number) => {
      const counts: number[] = [];
      const request = {
        target,
        augmentation,
        seed,
        strategy: 'linear-probe',
        epochs: 2,
        views: 2,
        out: join(root, String(runs++)),
      };
      await headstart.train(request, { events: { features: ({ computed: count }) => void counts.push(count) } });
      return counts.slice(0, 2); // of the samples trained on; then come those to test
    };
    expect(await computed('points-60', 'blend', 0)).toEqual([57, 57]);
    expect(await computed('points-60', 'blend', 1)).toEqual([0, 0]);
    expect(await computed('points-59', 'blend', 0)).toEqual([56, 56]);
    expect(await computed('points-60', 'jitter', 0)).toEqual([57, 57]);
    expect(await computed('points-59', 'jitter', 0)).toEqual([0, 0]);
  });
});
