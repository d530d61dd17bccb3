import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory, tensor, tidy } from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import {
  createArtifacts,
  createHeadstart,
  RandomStream,
  silentProgress,
  type Headstart,
  type SourceRuntime,
} from '@headstart/core';
import { runStages, type Tensors } from '@headstart/core/network';
import { checkBackbone } from '@headstart/core/testing';
import nlp, { textCnnScheme, useLite, vectorsScheme, type TextBackbone } from '@headstart/nlp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };

describe('use-lite', () => {
  let headstart: Headstart;
  let golden: { sentences: string[]; embeddings: number[][] };
  beforeAll(async () => {
    headstart = await createHeadstart({ backend: await openBackend({ prefer: 'libtensorflow' }), plugins: [nlp()] });
    golden = JSON.parse(await readFile(new URL('fixtures/use-lite.json', import.meta.url), 'utf8')) as typeof golden;
  });
  afterAll(() => headstart.close());

  it('embeds as its own runner does, in any company, and leaves nothing behind', async () => {
    const { sentences, embeddings } = golden;
    const tensors = memory().numTensors;
    const { shape, data } = await headstart.embed('use-lite', [
      ...sentences,
      'More company, which is longer than most of the others here.',
    ]);
    expect(shape).toEqual([sentences.length + 1, 512]);
    sentences.forEach((text, i) => {
      const worst = Math.max(...embeddings[i]!.map((value, k) => Math.abs(value - data[512 * i + k]!)));
      // The fixture has six decimals; sums are of another order.
      expect(worst, text).toBeLessThan(1e-5);
    });
    expect(memory().numTensors).toBe(tensors);
  });

  it('says that it cannot start anew, and when a saved model was trained on another', async () => {
    await expect(useLite.open(runtime, { weights: 'none' })).rejects.toMatchObject({
      code: 'not-supported',
      message: 'use-lite is frozen: it cannot start from fresh weights.',
    });
    const other = async () => Buffer.from('{"digest":"other"}');
    await expect(useLite.open(runtime, { weights: 'none', assets: other })).rejects.toMatchObject({
      code: 'weights-mismatch',
    });
    const backbone = await useLite.open(runtime, { weights: 'published' });
    const again = await useLite.open(runtime, { weights: 'none', assets: async (name) => backbone.assets![name]! });
    expect(again.architecture).toBe(backbone.architecture);
    for (const one of [backbone, again]) one.dispose();
  });
});

describe('sources on word vectors', () => {
  let folder: string;
  const words = ['the', 'film', 'is', 'good', 'bad', 'not', 'boring', 'i', 'love', 'it'];
  const vectors = words.map((word, i) =>
    Float32Array.from({ length: 6 }, (_, k) => Math.fround(new RandomStream(word).child(i, k).normal())),
  );
  const path = () => join(folder, 'vectors.txt');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'headstart-words-'));
    await writeFile(path(), words.map((word, i) => `${word} ${vectors[i]!.join(' ')}\n`).join(''));
    await openBackend({ prefer: 'libtensorflow' });
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(['trained', 'frozen'])(
    'a convolutional network with %s words keeps what every source must keep',
    async (which) => {
      const source = textCnnScheme.resolve(`${path()}#words=${which}`);
      for (const weights of ['none', 'published'] as const)
        await checkBackbone(source, { open: (options) => source.open(runtime, options), weights });
    },
  );

  it('a convolutional network takes the largest response over the words alone', async () => {
    const source = textCnnScheme.resolve(path());
    const backbone = (await source.open(runtime, { weights: 'published' })) as TextBackbone;
    const encoded = await backbone.texts.encode({ text: 'The film is NOT good, unheard-of!' });
    expect([...(encoded['ids'] as Int32Array).subarray(0, 6)]).toEqual([2, 3, 4, 7, 5, 0]);
    const pooled = (length: number) =>
      tidy(() => {
        const inputs: Tensors = Object.fromEntries(
          Object.entries(encoded).map(([name, values]) => [
            name,
            tensor(values.slice(0, length), [1, length], 'int32'),
          ]),
        );
        return runStages(backbone.stages, inputs)['pooled']!.dataSync();
      });
    const [short, long] = [pooled(16), pooled(256)];
    // Padding is no word: however much there is, nothing changes but the order of sums.
    expect(Math.max(...short.map((value, i) => Math.abs(value - long[i]!)))).toBeLessThan(1e-5);
    // One filter of width 3 by hand, "same" padding: a zero word before and after.
    const variable = (name: string) => backbone.stages[1]!.variables.find((one) => one.name === name)!.value.dataSync();
    const [kernel, bias] = [variable('convolution3.weight'), variable('convolution3.bias')];
    const text = [0, 1, 2, 5, 3].map((word) => vectors[word]!);
    const responses = text.map((_, at) => {
      let sum = bias[7]!;
      for (let k = 0; k < 3; k++)
        text[at + k - 1]?.forEach((value, d) => (sum += value * kernel[(k * 6 + d) * 100 + 7]!));
      return Math.max(0, sum);
    });
    expect(short[7]).toBeCloseTo(Math.max(...responses), 5);
    backbone.dispose();
  });

  it('averages are what the file says', async () => {
    const backbone = (await vectorsScheme
      .resolve(`${path()}#pooling=mean`)
      .open(runtime, { weights: 'published' })) as TextBackbone;
    const { embedding } = (await backbone.texts.encode({ text: 'I love it' })) as { embedding: Float32Array };
    embedding.forEach((value, k) =>
      expect(value).toBeCloseTo((vectors[7]![k]! + vectors[8]![k]! + vectors[9]![k]!) / 3, 5),
    );
    backbone.dispose();
  });
});
