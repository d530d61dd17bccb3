import '@tensorflow/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { createHeadstart, definePlugin, type RegisteredDataset, type TargetData } from '@headstart/core';
import { eagerStep, type Backend } from '@headstart/core/backend';
import type { MultiLabelPrediction } from '@headstart/core/tasks';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyEncoder, writeTinyWeights, TINY_CONFIGS } from '../encoders/tiny-encoder.test.kit.ts';
import { nlp } from '../plugin.ts';
import { encoderScheme } from '../sources/encoder-source.ts';
import { textDigest } from '../texts/text-digest.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { multiLabelClassification } from './multi-label-classification.ts';
import { textClassification } from './text-classification.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-texts-'));
  await setBackend('cpu');
});
afterAll(() => rm(root, { recursive: true }));

const plain: Backend = {
  name: 'cpu',
  device: 'cpu',
  reason: 'a test',
  details: {},
  memory: () => ({ tensors: memory().numTensors, bytes: 0, residentBytes: 0 }),
  compile: eagerStep,
  close: async () => {},
};

function sample(text: string, truth: Partial<TextSample>): { sample: TextSample } {
  return { sample: { id: text, digest: textDigest(text), text, ...truth } };
}

function data(labels: readonly string[], samples: TargetData<TextSample>['samples']): TargetData<TextSample> {
  return { id: 'texts', modality: 'text', reader: 'none', labels, samples, skipped: [] };
}

describe('choice of the task', () => {
  it('goes by whether samples carry lists of labels', () => {
    expect(textClassification.variant!(data(['x', 'y'], [sample('a', { label: 0 })]))).toBe('text-classification');
    expect(textClassification.variant!(data(['x', 'y'], [sample('a', { labels: [] })]))).toBe(
      'multi-label-classification',
    );
    expect(() => multiLabelClassification.check(data(['x', 'y'], [sample('a', { labels: [0] })]))).toThrow(
      expect.objectContaining({ code: 'target-too-small' }),
    );
    expect(() => multiLabelClassification.check(data([], []))).toThrow(
      expect.objectContaining({ code: 'target-empty' }),
    );
  });

  it('trains, saves and predicts with the data alone to go by', async () => {
    const folder = join(root, 'encoder');
    await writeTinyEncoder(folder, TINY_CONFIGS.bert);
    const source = encoderScheme.resolve(folder);
    const { artifacts, progress } = {} as never;
    const backbone = await source.open({ artifacts, progress }, { weights: 'none' });
    await writeTinyWeights(
      folder,
      backbone.stages.flatMap(({ variables }) => variables),
    );
    backbone.dispose();
    const texts = Array.from({ length: 48 }, (_, i) => {
      const [cat, dog] = [i % 2 === 0, i % 3 === 0];
      const sentence = `${cat ? 'cat cat ' : ''}${dog ? 'dog dog ' : ''}sat ${'very '.repeat(i % 5)}${i % 7 < 3 ? '!' : '.'}`;
      return sample(i % 4 === 0 ? `${sentence} ${sentence}` : sentence, {
        labels: [...(cat ? [0] : []), ...(dog ? [1] : [])],
      });
    });
    const dataset: RegisteredDataset = {
      id: 'animals',
      modality: 'text',
      description: 'Texts about animals',
      licence: 'Apache-2.0',
      task: 'text-classification',
      load: async () => data(['cat', 'dog'], texts),
    };
    const animals = definePlugin({
      name: 'animals',
      version: '1.0.0',
      headstart: '^0.1',
      setup: (context) => context.datasets.add(dataset),
    });
    const headstart = await createHeadstart({
      backend: plain,
      plugins: [nlp(), animals()],
      cacheRoot: join(root, 'cache'),
    });
    const before = memory().numTensors;
    const result = await headstart.train({
      target: 'animals',
      source: `encoder:${folder}`,
      strategy: 'fine-tune',
      epochs: 25,
      learningRate: 0.2,
      batchSize: 8,
      split: [75, 0, 25],
      out: join(root, 'model'),
    });
    expect(result.task).toBe('multi-label-classification');
    expect(result.metrics['test']!['microF1']).toBeGreaterThan(0.9);
    const model = await headstart.load(result.model);
    const inputs = ['dog dog sat .', 'cat cat dog dog sat very very ! cat cat dog dog sat very very !', 'sat very .'];
    const together = (await model.predict(inputs)) as MultiLabelPrediction[];
    for (const [i, input] of inputs.entries()) {
      const [alone] = (await model.predict([input])) as MultiLabelPrediction[];
      const probabilityOf = ({ top }: MultiLabelPrediction) => top.find(({ label }) => label === 'cat')!.probability;
      expect(probabilityOf(alone!)).toBeCloseTo(probabilityOf(together[i]!), 5);
    }
    expect(together.map(({ labels }) => labels.map(({ label }) => label).sort())).toEqual([
      ['dog'],
      ['cat', 'dog'],
      [],
    ]);
    model.dispose();
    // A prefix that ends inside the encoder is cached token by token, in rows of one length.
    const features: { stage: string; computed: number }[] = [];
    const gradual = {
      target: 'animals',
      source: `encoder:${folder}`,
      strategy: 'gradual-unfreeze',
      epochs: 3,
      out: join(root, 'gradual'),
    };
    const unfrozen = await headstart.train(gradual, {
      events: { features: async (found) => void features.push(found) },
    });
    expect(features.filter(({ computed }) => computed > 0).map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(['pool', 'embeddings']),
    );
    expect(Object.values(unfrozen.metrics['test']!).every(Number.isFinite)).toBe(true);
    expect(memory().numTensors).toBe(before);
    await headstart.close();
  });
});
