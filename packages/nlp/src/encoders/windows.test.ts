import '@tensorflow/tfjs';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import {
  createHeadstart,
  definePlugin,
  type Headstart,
  type RegisteredDataset,
  type TransferRequest,
} from '@headstart/core';
import { eagerStep, type Backend } from '@headstart/core/backend';
import { mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nlp } from '../plugin.ts';
import { encoderScheme } from '../sources/encoder-source.ts';
import { textDigest } from '../texts/text-digest.ts';
import { TINY_CONFIGS, writeTinyEncoder, writeTinyWeights } from './tiny-encoder.test.kit.ts';

const plain: Backend = {
  name: 'cpu',
  device: 'cpu',
  reason: 'a test',
  details: {},
  memory: () => ({ tensors: memory().numTensors, bytes: 0, residentBytes: 0 }),
  compile: eagerStep,
  close: async () => {},
};
/** Sixteen words, one token each. */
const LONG = 'the cat sat on the mat good bad very film the dog sat on a mat';
const WORDS = LONG.split(' ');
const texts = Array.from(
  { length: 24 },
  (_, i) => `${i % 2 ? 'cat '.repeat(9) : 'dog '.repeat(9)}${LONG}${' good'.repeat(i >> 1)}`,
);
const dataset: RegisteredDataset = {
  id: 'long-texts',
  modality: 'text',
  description: 'Texts longer than the encoder reads',
  licence: 'Apache-2.0',
  task: 'text-classification',
  load: async () => ({
    id: 'long-texts',
    modality: 'text',
    reader: 'none',
    labels: ['dog', 'cat'],
    samples: texts.map((text, i) => ({ sample: { id: `t${i}`, digest: textDigest(text), text, label: i % 2 } })),
    skipped: [],
  }),
};

let root: string;
let headstart: Headstart;
const folderOf = (family: string) => join(root, family);
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-windows-'));
  await setBackend('cpu');
  for (const family of ['bert', 'mpnet'] as const) {
    await writeTinyEncoder(folderOf(family), TINY_CONFIGS[family]);
    const backbone = await encoderScheme
      .resolve(folderOf(family))
      .open({ artifacts: {}, progress: {} } as never, { weights: 'none' });
    await writeTinyWeights(
      folderOf(family),
      backbone.stages.flatMap(({ variables }) => variables),
    );
    backbone.dispose();
  }
  const sets = definePlugin({
    name: 'sets',
    version: '1.0.0',
    headstart: '*',
    setup: ({ datasets }) => datasets.add(dataset),
  });
  headstart = await createHeadstart({ backend: plain, plugins: [nlp(), sets()], cacheRoot: join(root, 'cache') });
});
afterAll(async () => {
  await headstart.close();
  await rm(root, { recursive: true });
});

async function embed(source: string, inputs: readonly string[]): Promise<number[][]> {
  const { shape, data } = await headstart.embed(source, inputs);
  return inputs.map((_, i) => [...data.subarray(i * shape[1], (i + 1) * shape[1])]);
}

describe('a text in windows', () => {
  it.each([
    ['bert', 'mean'],
    ['bert', 'cls'],
    ['bert', 'last'],
    ['mpnet', 'mean'],
  ])('is the mean of its windows by numbers of tokens: %s, %s', async (family, pooling) => {
    const tensors = memory().numTensors;
    const settings = `pooling=${pooling},normalise=no,length=8`;
    // Six words and two special tokens each; the last one is shorter.
    const parts = [WORDS.slice(0, 6), WORDS.slice(6, 12), WORDS.slice(12)];
    const apart = await embed(
      `encoder:${folderOf(family)}#${settings}`,
      parts.map((words) => words.join(' ')),
    );
    const [whole, short] = await embed(`encoder:${folderOf(family)}#${settings},windows=4`, [LONG, 'the cat']);
    const tokens = parts.map((words) => words.length + 2);
    const total = tokens.reduce((sum, each) => sum + each, 0);
    whole!.forEach((value, k) => {
      const expected = apart.reduce((sum, vector, i) => sum + (tokens[i]! / total) * vector[k]!, 0);
      expect(value).toBeCloseTo(expected, 5);
    });
    const [alone] = await embed(`encoder:${folderOf(family)}#${settings}`, ['the cat']);
    short!.forEach((value, k) => expect(value).toBeCloseTo(alone![k]!, 6));
    expect(memory().numTensors).toBe(tensors);
  });

  it('is read in windows by the model that was trained so, as a source too, and where its own source is gone', async () => {
    const moved = folderOf('moved');
    await rename(folderOf('mpnet'), moved);
    const source = `encoder:${moved}#length=8,windows=8`;
    const request: TransferRequest = {
      target: 'long-texts',
      source,
      strategy: 'fine-tune',
      epochs: 1,
      batchSize: 8,
      out: join(root, 'run'),
    };
    const { model } = await headstart.train(request);
    expect(JSON.parse(await readFile(join(model, 'source', 'sentence.json'), 'utf8'))).toMatchObject({
      length: 8,
      windows: 8,
    });
    await rename(moved, `${moved}-away`);
    const loaded = await headstart.load(model);
    const own = await loaded.embed([LONG]);
    expect(await loaded.cutTexts([LONG])).toEqual([]);
    loaded.dispose();
    expect([...(await headstart.embed(`model:${model}`, [LONG])).data]).toEqual([...own.data]);
    const onward = await headstart.train({ ...request, source: `model:${model}`, out: join(root, 'onward') });
    expect(onward.metrics['test']!['accuracy']).toBeGreaterThanOrEqual(0);
  });
});

describe('texts that are cut', () => {
  it('are told of where a model is trained, judged and asked', async () => {
    const warnings: string[] = [];
    const { model } = await headstart.train(
      {
        target: 'long-texts',
        source: `encoder:${folderOf('bert')}#length=16`,
        strategy: 'linear-probe',
        epochs: 1,
        out: join(root, 'cut'),
      },
      {
        events: {
          reading: (report) => void warnings.push(...report.warnings.map(({ message, hint }) => `${message} ${hint}`)),
        },
      },
    );
    expect(warnings.join()).toMatch(
      /24 texts of 24 will be cut: .* reads 16 tokens\. More is read by --source ".*#length=40", which takes longer, or in windows/,
    );
    const loaded = await headstart.load(model);
    const { warnings: judged } = await loaded.evaluate('long-texts', { split: 'all' });
    expect(judged).toMatchObject([
      { code: 'cut-texts', message: expect.stringMatching(/^24 texts of 24 will be cut/) as string },
    ]);
    expect(await loaded.cutTexts([LONG, 'a cat'])).toMatchObject([
      { code: 'cut-texts', message: expect.stringMatching(/^1 text of 2/) as string },
    ]);
    expect(await loaded.cutTexts(['a cat'])).toEqual([]);
    loaded.dispose();
  });

  it.each([
    ['encoder:FOLDER#length=4', /whole number from 8 to 8192/],
    ['encoder:FOLDER#length=41', /at most 40 tokens/],
    ['encoder:FOLDER#windows=0', /whole number from 1 to 64/],
    ['minilm-l6:windows=many', /whole number from 1 to 64/],
    ['minilm-l6:', /minilm-l6:length=128/],
    ['text-cnn:vectors.txt#length=0', /whole number from 8 to 4096/],
  ])('%s is refused with what would do', async (source, message) => {
    const name = source.replace('FOLDER', folderOf('bert'));
    const error: unknown = await headstart.embed(name, ['a']).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'invalid-option' });
    expect(`${(error as Error).message} ${(error as { hint: string }).hint}`).toMatch(message);
  });
});
