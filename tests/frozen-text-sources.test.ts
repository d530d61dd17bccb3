import { readFile } from 'node:fs/promises';
import { memory } from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { createArtifacts, createHeadstart, silentProgress, type Headstart, type SourceRuntime } from '@headstart/core';
import nlp, { useLite } from '@headstart/nlp';
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
    const { shape, data } = await headstart.embed('use-lite', [...sentences, '', 'More company, which is longer than most of the others here.']);
    expect(shape).toEqual([sentences.length + 2, 512]);
    sentences.forEach((text, i) => {
      const worst = Math.max(...embeddings[i]!.map((value, k) => Math.abs(value - data[512 * i + k]!)));
      // The fixture has six decimals; sums are of another order.
      expect(worst, text).toBeLessThan(1e-5);
    });
    expect(data.subarray(512 * sentences.length, 512 * (sentences.length + 1)).every((value) => value === 0), 'a text without a piece').toBe(true);
    expect(memory().numTensors).toBe(tensors);
  });

  it('says that it cannot start anew, and when a saved model was trained on another', async () => {
    await expect(useLite.open(runtime, { weights: 'none' })).rejects.toMatchObject({ code: 'not-supported', message: 'use-lite is frozen: it cannot start from fresh weights.' });
    const other = async () => Buffer.from('{"digest":"other"}');
    await expect(useLite.open(runtime, { weights: 'none', assets: other })).rejects.toMatchObject({ code: 'weights-mismatch' });
    const backbone = await useLite.open(runtime, { weights: 'published' });
    const again = await useLite.open(runtime, { weights: 'none', assets: async (name) => backbone.assets![name]! });
    expect(again.architecture).toBe(backbone.architecture);
    for (const one of [backbone, again]) one.dispose();
  });
});
