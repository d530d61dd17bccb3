import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { definePlugin } from '../plugins/plugin.ts';
import type { Backend } from '../ports/backend.ts';
import type { TransferRequest } from '../runs/request.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import type { Headstart } from '../runtime/headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin, type PointSample } from '../testing/point-domain.ts';

let backend: Backend;
let root: string;
let headstart: Headstart;
let count = 0;

/** The points nearer to one another, so that classes overlap, with what `more` makes of each. */
function dataset(id: string, more: (sample: PointSample, i: number) => PointSample | undefined): RegisteredDataset {
  return {
    ...pointDataset,
    id,
    async load(...args): Promise<TargetData> {
      const data = await pointDataset.load(...args);
      const samples = data.samples.flatMap(({ sample, split }, i) => {
        const altered = more(nearer(sample as PointSample), i);
        return altered ? [{ split, sample: altered }] : [];
      });
      return { ...data, id, samples };
    },
  };
}

/** A third of the way from the middle of its class to that of all. */
function nearer(sample: PointSample): PointSample {
  const [x, y] = [
    [0, 2],
    [2, -1],
    [-2, -1],
  ][sample.label!]!;
  const point = [sample.point[0] - x! / 2.5, sample.point[1] - y! / 2.5] as const;
  return { ...sample, point, digest: createHash('sha256').update(point.join()).digest('hex') };
}

const isWrong = ({ label }: PointSample, i: number) => label === 0 && i % 9 > 0;
/** Two of three samples of the first class bear the label of the second. */
const misled = (sample: PointSample, i: number) => (isWrong(sample, i) ? { ...sample, label: 1 } : sample);
/** What is left of the third class is a third of it. */
const few = (sample: PointSample, i: number) => (sample.label === 2 && i > 29 ? undefined : sample);

beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-weights-'));
  const more = definePlugin({
    name: 'weighed',
    version: '1.0.0',
    headstart: '^0.1',
    setup({ datasets }) {
      datasets.add(dataset('near', (sample) => sample));
      datasets.add(dataset('alike', (sample) => ({ ...sample, weight: 7 })));
      datasets.add(dataset('misled', misled));
      datasets.add(dataset('trusted', (sample, i) => ({ ...misled(sample, i), weight: isWrong(sample, i) ? 0 : 3 })));
      datasets.add(dataset('few-left', few));
    },
  });
  headstart = await createHeadstart({ backend, plugins: [pointPlugin(), more()], cacheRoot: join(root, 'cache') });
});
afterAll(() => rm(root, { recursive: true }));

async function trained(target: string, more: Partial<TransferRequest> = {}) {
  const before = memory().numTensors;
  const out = join(root, `run-${count++}`);
  const result = await headstart.train({ target, epochs: 60, learningRate: 0.05, seed: 1, out, ...more });
  const model = await headstart.load(result.model);
  const { metrics } = await model.evaluate('near', { split: 'all' });
  model.dispose();
  expect(memory().numTensors).toBe(before);
  const perClass = metrics.details!['perClass'] as readonly { label: string; recall: number }[];
  return { values: metrics.values, recalls: perClass.map(({ recall }) => recall) };
}

describe('what samples count', () => {
  it('changes nothing where all count alike, on whatever scale', async () => {
    const [plain, alike] = [await trained('near'), await trained('alike')];
    expect(alike.values['nll']).toBeCloseTo(plain.values['nll']!, 6);
  });

  it('takes what is wrong for nothing where it counts nothing', async () => {
    const [misleading, trusted] = [await trained('misled'), await trained('trusted')];
    expect(trusted.recalls[0]).toBeGreaterThan(misleading.recalls[0]! + 0.2);
    expect(trusted.values['nll']).toBeLessThan(misleading.values['nll']!);
  });
});

it('says in which phase neither classes nor samples count what they are to', async () => {
  const heard = async (target: string, more: Partial<TransferRequest>) => {
    const warnings: string[] = [];
    const asked = {
      target,
      strategy: 'contrastive',
      epochs: 1,
      batchSize: 16,
      seed: 1,
      out: join(root, `run-${count++}`),
    };
    await headstart.train({ ...asked, ...more }, { events: { warning: (message) => void warnings.push(message) } });
    return warnings.filter((warning) => warning.includes('no part in it'));
  };
  expect(await heard('near', {})).toEqual([]);
  expect(await heard('near', { sampling: 'balanced' })).toEqual([
    'Phase "contrast" takes its samples in pairs of one label, each sample once: --sampling balanced has no part in it.',
  ]);
  const alike = `Phase "contrast" learns by "cosine of pairs" in place of the task's loss, and all samples count alike in it`;
  expect(await heard('near', { classWeights: 'balanced' })).toEqual([
    `${alike}: weights of classes have no part in it.`,
  ]);
  expect(await heard('trusted', { classWeights: 'balanced' })).toEqual([
    `${alike}: weights of classes and weights of samples have no part in it.`,
  ]);
});

describe('what classes count', () => {
  it('makes those of few samples found more often, by weights as by sampling', async () => {
    const plain = await trained('few-left');
    const weighed = await trained('few-left', { classWeights: 'balanced' });
    const drawn = await trained('few-left', { sampling: 'balanced' });
    for (const balanced of [weighed, drawn]) {
      expect(balanced.recalls[2]).toBeGreaterThan(plain.recalls[2]!);
      expect(balanced.values['balancedAccuracy']).toBeGreaterThan(plain.values['balancedAccuracy']!);
    }
  });

  it('makes those of little weight found less often', async () => {
    const [plain, light] = [await trained('near'), await trained('near', { classWeights: { left: 0.02 } })];
    expect(light.recalls[2]).toBeLessThan(plain.recalls[2]!);
  });
});
