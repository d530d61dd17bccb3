import { cos, memory, randomNormal, tidy, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import type { SourceDomain } from '../domains/source-domain.ts';
import { definePlugin } from '../plugins/plugin.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { ResolvedChoice } from '../runs/choice.ts';
import type { TransferRequest } from '../runs/request.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import type { Headstart } from '../runtime/headstart.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin, type PointSample } from '../testing/point-domain.ts';

const WIDTH = 200;

/** Waves over the plane that are shorter than points are apart: so many features of a point tell nothing of another one's. */
const waves: SourceDomain = {
  id: 'waves',
  modality: 'point',
  card: { title: 'Waves', description: 'Short waves', trainedOn: 'none', licence: 'Apache-2.0', files: [] },
  async open() {
    const kernel = randomNormal<Rank.R2>([2, WIDTH], 0, 300, 'float32', 7);
    return {
      architecture: 'waves@1',
      input: { tensors: { point: { shape: [2], dtype: 'float32' } }, preprocessing: {} },
      stages: [
        {
          name: 'wave',
          variables: [],
          initialise() {},
          forward: ({ point }) => ({ vector: tidy(() => cos((point as Tensor2D).matMul(kernel))) }),
        },
      ],
      features: [{ name: 'vector', stage: 'wave', tensor: 'vector', shape: [WIDTH], kind: 'vector' }],
      dispose: () => kernel.dispose(),
    };
  },
};

/** Points of two classes that lie in one place. */
function alike(id: string, often: number, rare: number): RegisteredDataset {
  const random = new RandomStream(id);
  const samples = Array.from({ length: often + rare }, (_, i): { sample: PointSample } => {
    const point = [random.normal(), random.normal()] as const;
    const digest = createHash('sha256').update(point.join()).digest('hex');
    return { sample: { id: `${id}-${i}`, digest, point, label: i < often ? 0 : 1 } };
  });
  const labels = ['often', 'rare'];
  return {
    ...pointDataset,
    id,
    load: async () => ({ id, modality: 'point', reader: 'points', labels, samples, skipped: [] }),
  };
}

let root: string;
let headstart: Headstart;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-intercepts-'));
  const more = definePlugin({
    name: 'waves',
    version: '1.0.0',
    headstart: '^0.1',
    setup({ sources, datasets }) {
      sources.add(waves);
      for (const each of [alike('few', 60, 12), alike('one', 20, 1), alike('fresh', 300, 300)]) datasets.add(each);
    },
  });
  const backend = await plainBackend();
  headstart = await createHeadstart({ backend, plugins: [pointPlugin(), more()], cacheRoot: join(root, 'cache') });
});
afterAll(() => rm(root, { recursive: true }));

async function trained(more: Partial<TransferRequest>) {
  const before = memory().numTensors;
  const choices: ResolvedChoice[] = [];
  const warnings: string[] = [];
  const result = await headstart.train(
    { target: 'few', source: 'waves', split: [100, 0, 0], seed: 1, out: join(root, `run-${count++}`), ...more },
    { events: { choice: (choice) => void choices.push(choice), warning: (text) => void warnings.push(text) } },
  );
  const model = await headstart.load(result.model);
  const { details } = (await model.evaluate('fresh', { split: 'all' })).metrics;
  model.dispose();
  expect(memory().numTensors).toBe(before);
  const rows = details!['perClass'] as readonly { label: string; recall: number }[];
  const recall = (label: string) => rows.find((row) => row.label === label)!.recall;
  const intercepts = choices.filter(({ what }) => what === 'intercepts');
  return { often: recall('often'), rare: recall('rare'), intercepts, warnings };
}

describe('class weights of a head on frozen features', () => {
  // Nothing tells the classes apart: what a model that weighs them alike says of fresh points is as often one as the other.
  it.each([30, 300])('hold after %i epochs, where the head knows its samples by heart', async (epochs) => {
    const { often, rare, intercepts } = await trained({ epochs, learningRate: 0.01, classWeights: 'balanced' });
    expect(intercepts).toEqual([
      {
        what: 'intercepts',
        value: expect.stringMatching(/^often -\d+\.\d\d, rare \+\d+\.\d\d$/) as string,
        why: expect.stringContaining('5 heads') as string,
      },
    ]);
    // Twelve samples place the boundary: a share of one half has a standard error of 0.14 among so many.
    for (const share of [often, rare]) expect(Math.abs(share - 0.5)).toBeLessThan(0.3);
  });

  it('are what keeps it from saying the more frequent one', async () => {
    expect((await trained({ epochs: 300, learningRate: 0.01 })).rare).toBeLessThan(0.25);
  });

  it('are left to the loss alone where a class has one sample, as a warning says', async () => {
    const { intercepts, warnings } = await trained({ target: 'one', epochs: 3, classWeights: 'balanced' });
    expect(intercepts).toEqual([]);
    expect(warnings).toContainEqual(expect.stringContaining('Give two samples of each class'));
  });

  it('are left to the loss alone where the network trains', async () => {
    const { intercepts } = await trained({ epochs: 1, strategy: 'lp-ft', classWeights: 'balanced' });
    expect(intercepts).toEqual([]);
  });
});
