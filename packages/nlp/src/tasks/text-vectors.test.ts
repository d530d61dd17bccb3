import '@tensorflow/tfjs';
import { grad, memory, setBackend, tensor1d, tensor2d, tidy, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import {
  createHeadstart,
  definePlugin,
  type Headstart,
  type RegisteredDataset,
  type TargetData,
} from '@headstart/core';
import { eagerStep, type Backend } from '@headstart/core/backend';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTinyEncoder, writeTinyWeights, TINY_CONFIGS } from '../encoders/tiny-encoder.test.kit.ts';
import { nlp } from '../plugin.ts';
import { encoderScheme } from '../sources/encoder-source.ts';
import { parsePair } from '../texts/parse-text.ts';
import { textDigest } from '../texts/text-digest.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { textClassification } from './text-classification.ts';
import { textEmbedding } from './text-embedding.ts';
import { cosentLoss, pairCosines, textSimilarity } from './text-similarity.ts';

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
  return { sample: { id: `${text}|${truth.pair}`, digest: textDigest(text, truth.pair), text, ...truth } };
}

function data(labels: readonly string[], samples: TargetData<TextSample>['samples']): TargetData<TextSample> {
  return { id: 'texts', modality: 'text', reader: 'none', labels, samples, skipped: [] };
}

const dataset = (
  id: string,
  task: string,
  labels: readonly string[],
  samples: TargetData<TextSample>['samples'],
): RegisteredDataset => ({
  id,
  modality: 'text',
  description: 'Texts about animals',
  licence: 'Apache-2.0',
  task,
  load: async () => ({ ...data(labels, samples), id }),
});

const ANIMALS = ['cat', 'dog'];
const about = (animal: number, i: number) =>
  `the ${ANIMALS[animal]} ${['sat on a mat', 'is very good', 'sat , sat , sat', 'on film'][i % 4]} ${['.', '!'][(i >> 2) % 2]}`;

/** Pairs about one animal or two, scored on a scale of the data's own. */
const scored = Array.from({ length: 40 }, (_, i) =>
  sample(about(i % 2, i >> 1), { pair: about((i >> 1) % 2, (i >> 1) + 3), score: i % 2 === (i >> 1) % 2 ? 5 : 1 }),
);
const labelled = Array.from({ length: 40 }, (_, i) =>
  sample(`${about(i % 2, i >> 1)} ${'very '.repeat(i % 5)}`, { label: i % 2 }),
);
const paired = Array.from({ length: 16 }, (_, i) =>
  sample(about(i % 2, i >> 1), { pair: `${about(i % 2, i >> 1)} very` }),
);

let root: string;
let headstart: Headstart;
let source: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-vectors-'));
  await setBackend('cpu');
  const folder = join(root, 'encoder');
  await writeTinyEncoder(folder, TINY_CONFIGS.bert);
  const backbone = await encoderScheme
    .resolve(folder)
    .open({ artifacts: {}, progress: {} } as never, { weights: 'none' });
  await writeTinyWeights(
    folder,
    backbone.stages.flatMap(({ variables }) => variables),
  );
  backbone.dispose();
  source = `encoder:${folder}`;
  const sets = definePlugin({
    name: 'animals',
    version: '1.0.0',
    headstart: '^0.1',
    setup({ datasets }) {
      datasets.add(dataset('scored', 'text-similarity', [], scored));
      datasets.add(dataset('paired', 'text-classification', [], paired));
      datasets.add(dataset('labelled', 'text-embedding', ANIMALS, labelled));
    },
  });
  headstart = await createHeadstart({ backend: plain, plugins: [nlp(), sets()], cacheRoot: join(root, 'cache') });
});
afterAll(async () => {
  await headstart.close();
  await rm(root, { recursive: true });
});

describe('CoSENT', () => {
  it('is log(1 + Σ exp(20 (cosⱼ - cosᵢ))) over pairs in the wrong order or the right one, with the gradient of that', () => {
    const cosines = [0.9, 0.85, -0.2, 0.88];
    const scores = [3, 3, 1, 4.5];
    const formula = (values: readonly number[]) => {
      let total = 1;
      for (const [i, high] of scores.entries())
        for (const [j, low] of scores.entries()) if (high > low) total += Math.exp(20 * (values[j]! - values[i]!));
      return Math.log(total);
    };
    const [loss, gradient, alone] = tidy(() => {
      const [x, y] = [tensor1d(cosines), tensor1d(scores)];
      return [
        cosentLoss(x, y).arraySync(),
        grad((z: Tensor) => cosentLoss(z as Tensor1D, y))(x).arraySync() as number[],
        cosentLoss(tensor1d([0.3]), tensor1d([2])).arraySync(),
      ];
    });
    expect(loss).toBeCloseTo(formula(cosines), 5);
    expect(alone).toBe(0);
    cosines.forEach((_, k) => {
      const at = (by: number) => formula(cosines.map((value, i) => (i === k ? value + by : value)));
      expect(gradient[k]).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 3);
    });
  });

  it('takes the cosine of each row with its own', () => {
    const values = tidy(() =>
      pairCosines(
        tensor2d([
          [3, 4],
          [1, 0],
          [2, 2],
        ]),
        tensor2d([
          [4, 3],
          [0, 5],
          [-1, -1],
        ]),
      ).arraySync(),
    );
    [24 / 25, 0, -1].forEach((value, i) => expect(values[i]).toBeCloseTo(value, 6));
  });
});

describe('text-similarity', () => {
  it('learns from pairs with a score, saves, and predicts a pair whichever comes first', async () => {
    const before = memory().numTensors;
    const {
      task,
      metrics,
      model: folder,
    } = await headstart.train({
      target: 'scored',
      source,
      strategy: 'fine-tune',
      epochs: 30,
      batchSize: 8,
      learningRate: 0.2,
      seed: 1,
      split: [60, 0, 40],
      out: join(root, 'similarity'),
    });
    expect(task).toBe('text-similarity');
    expect(Object.keys(metrics['test']!)).toEqual(['spearman', 'pearson']);
    expect(metrics['test']!['spearman']).toBeGreaterThan(0.7);
    const model = await headstart.load(folder);
    const [there, back, far] = (await model.predict([
      'the cat sat on a mat .\tthe cat is good',
      '["the cat is good", "the cat sat on a mat ."]',
      'the cat sat\tthe dog sat',
    ])) as { similarity: number }[];
    expect(back!.similarity).toBeCloseTo(there!.similarity, 5);
    expect(there!.similarity).toBeGreaterThan(far!.similarity);
    // A prediction is the cosine of what `embed` gives.
    const {
      shape: [, width],
      data: vectors,
    } = await model.embed(['the cat sat', 'the dog sat']);
    const row = (i: number) => [...vectors.subarray(i * width, (i + 1) * width)];
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    expect(far!.similarity).toBeCloseTo(dot(row(0), row(1)) / Math.sqrt(dot(row(0), row(0)) * dot(row(1), row(1))), 5);
    await expect(model.predict(['one text'])).rejects.toMatchObject({ code: 'sample-unreadable' });
    await expect(model.export('tfjs', join(root, 'tfjs'))).rejects.toMatchObject({ code: 'not-supported' });
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('refuses what it cannot learn from, and strategies that leave the network alone', async () => {
    const refused = (samples: TargetData<TextSample>['samples']) => () => textSimilarity.check(data([], samples));
    expect(refused([])).toThrow(expect.objectContaining({ code: 'target-empty' }));
    expect(refused([sample('a', { score: 1 })])).toThrow(
      expect.objectContaining({ code: 'target-too-small', message: expect.stringContaining('second text') as string }),
    );
    expect(refused([sample('a', { pair: 'b' })])).toThrow(
      expect.objectContaining({ code: 'target-too-small', message: expect.stringContaining('score') as string }),
    );
    expect(refused([sample('a', { pair: 'b', score: 1 }), sample('c', { pair: 'b', score: 1 })])).toThrow(
      expect.objectContaining({ code: 'target-too-small' }),
    );
    const probing = headstart.train({ target: 'scored', source, strategy: 'linear-probe', out: join(root, 'probe') });
    await expect(probing).rejects.toMatchObject({
      code: 'not-supported',
      hint: expect.stringContaining('fine-tune') as string,
    });
    const contrast = headstart.train({
      target: 'scored',
      source,
      strategy: 'contrastive',
      out: join(root, 'contrast'),
    });
    await expect(contrast).rejects.toMatchObject({ code: 'not-supported' });
  });

  it('takes frozen first stages from the cache, both rows of a pair', async () => {
    const upper = definePlugin({
      name: 'upper',
      version: '1.0.0',
      headstart: '^0.1',
      setup({ strategies, datasets }) {
        datasets.add(dataset('scored', 'text-similarity', [], scored));
        strategies.add({
          id: 'upper',
          description: 'The last layer',
          start: 'source',
          defaults: { epochs: 2, batchSize: 8 },
          plan: (stages, { epochs }) => [
            {
              name: 'upper',
              epochs,
              trainable: { [stages.at(-2)!.name]: 1 },
              optimiser: { kind: 'adamw', learningRate: 0.01, weightDecay: 0 },
              schedule: { warmup: 0, decay: 'constant' },
              batchStatistics: false,
            },
          ],
        });
      },
    });
    const other = await createHeadstart({
      backend: plain,
      plugins: [nlp(), upper()],
      cacheRoot: join(root, 'upper-cache'),
    });
    const cached: string[] = [];
    const { model: folder, metrics } = await other.train(
      { target: 'scored', source, strategy: 'upper', seed: 1, out: join(root, 'upper') },
      { events: { phaseStart: ({ cachedStages }) => void cached.push(...cachedStages) } },
    );
    expect(cached).toEqual(['embeddings', 'layer.0']);
    const model = await other.load(folder);
    const {
      metrics: { values },
    } = await model.evaluate('scored');
    // The cache keeps rows of the longest length, evaluation cuts them: rounding differs.
    for (const [name, value] of Object.entries(metrics['test']!)) expect(values[name]).toBeCloseTo(value, 3);
    model.dispose();
    await other.close();
  });
});

describe('text-embedding', () => {
  it.each([
    ['pairs', 'paired', 0.1],
    ['labels', 'labelled', 0.2],
  ])('learns from %s by which texts find their own', async (_what, target, learningRate) => {
    const before = memory().numTensors;
    const run = (epochs: number, rate: number) =>
      headstart.train({
        target,
        source,
        strategy: 'fine-tune',
        epochs,
        batchSize: 8,
        learningRate: rate,
        seed: 1,
        split: [60, 0, 40],
        out: join(root, `${target}-${epochs}-${rate}`),
      });
    const [untrained, trained] = [await run(1, 1e-9), await run(30, learningRate)];
    expect(trained.task).toBe('text-embedding');
    expect(Object.keys(trained.metrics['test']!)).toEqual(['recallAt1', 'recallAt5', 'recallAt10', 'mrr']);
    expect(trained.metrics['test']!['mrr']).toBeGreaterThanOrEqual(untrained.metrics['test']!['mrr']!);
    expect(trained.metrics['test']!['mrr']).toBeGreaterThan(0.8);
    const model = await headstart.load(trained.model);
    const texts = ['the cat sat on a mat .', 'a dog'];
    const predicted = (await model.predict(texts)) as { embedding: number[] }[];
    const {
      shape: [, width],
      data: vectors,
    } = await model.embed(texts);
    predicted.forEach(({ embedding }, i) =>
      embedding.forEach((value, k) => expect(value).toBeCloseTo(vectors[i * width + k]!, 5)),
    );
    model.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('refuses texts of which nothing says what belongs together', () => {
    const refused = (samples: TargetData<TextSample>['samples']) => () => textEmbedding.check(data([], samples));
    expect(refused([])).toThrow(expect.objectContaining({ code: 'target-empty' }));
    expect(refused([sample('a', {})])).toThrow(expect.objectContaining({ code: 'target-too-small' }));
    expect(refused(scored)).toThrow(
      expect.objectContaining({ code: 'not-supported', hint: expect.stringContaining('text-similarity') as string }),
    );
  });
});

describe('choice of the task', () => {
  it('goes by what pairs come with', async () => {
    const variant = (samples: TargetData<TextSample>['samples'], labels: string[] = []) =>
      textClassification.variant!(data(labels, samples));
    expect([
      variant(scored),
      variant(paired),
      variant(labelled, ANIMALS),
      variant([sample('a', { pair: 'b', label: 0 })], ANIMALS),
    ]).toEqual(['text-similarity', 'text-embedding', 'text-classification', 'text-classification']);
    const file = join(root, 'pairs.csv');
    await writeFile(
      file,
      `text,pair\n${paired.map(({ sample: { text, pair } }) => `"${text}","${pair}"`).join('\n')}\n`,
    );
    const { task } = await headstart.train({
      target: file,
      source,
      epochs: 1,
      batchSize: 8,
      out: join(root, 'by-file'),
    });
    expect(task).toBe('text-embedding');
    expect(await parsePair('one\ttwo')).toMatchObject({ text: 'one', pair: 'two' });
    expect(await parsePair(Buffer.from('é\ttwo'), 'input 2')).toMatchObject({ id: 'input 2', text: 'é', pair: 'two' });
    for (const wrong of ['one', '["one"]', '["one", 2]', 'one\ttwo\tthree'])
      await expect(parsePair(wrong), wrong).rejects.toMatchObject({ code: 'sample-unreadable' });
  });
});

describe('a trained model of texts as a source', () => {
  it('takes texts as its own source does, embeds as that model, and is trained on', async () => {
    const request = { target: 'labelled', task: 'text-classification', strategy: 'fine-tune', epochs: 1, seed: 1 };
    const first = await headstart.train({ ...request, source, out: join(root, 'first') });
    const texts = ['the cat sat', 'the dog is very good'];
    const loaded = await headstart.load(first.model);
    const own = await loaded.embed(texts);
    loaded.dispose();
    const before = memory().numTensors;
    expect(await headstart.embed(`model:${first.model}`, texts)).toEqual(own);
    const again = await headstart.train({ ...request, source: `model:${first.model}`, out: join(root, 'second') });
    expect(memory().numTensors).toBe(before);
    const second = await headstart.load(again.model);
    expect(await second.predict(texts)).toHaveLength(2);
    second.dispose();
  });
});
