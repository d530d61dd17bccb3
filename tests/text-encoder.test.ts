import { readFile } from 'node:fs/promises';
import { memory } from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { createArtifacts, createHeadstart, silentProgress, type Headstart, type SourceRuntime } from '@headstart/core';
import nlp, { miniLmL6, type TextBackbone } from '@headstart/nlp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

/** What sentence-transformers 6.2 computes with the same weights, one sentence at a time. */
interface Golden {
  readonly sentences: readonly string[];
  readonly inputIds: readonly (readonly number[])[];
  readonly embeddings: readonly (readonly number[])[];
}

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };

describe('all-MiniLM-L6-v2 on libtensorflow', () => {
  let golden: Golden;
  let headstart: Headstart;
  let tensors = 0;
  beforeAll(async () => {
    golden = JSON.parse(await readFile(new URL('fixtures/all-minilm-l6-v2.json', import.meta.url), 'utf8')) as Golden;
    headstart = await createHeadstart({ backend: await openBackend({ prefer: 'libtensorflow' }), plugins: [nlp()] });
    tensors = memory().numTensors;
  });
  afterAll(() => headstart.close());
  afterEach(() => expect(memory().numTensors).toBe(tensors));

  it('cuts texts into the tokens of the reference', async () => {
    const backbone = (await miniLmL6.open(runtime, { weights: 'none' })) as TextBackbone;
    for (const [i, text] of golden.sentences.entries()) {
      const { ids, mask } = (await backbone.texts.encode({ text })) as { ids: Int32Array; mask: Int32Array };
      const length = mask.indexOf(0) < 0 ? mask.length : mask.indexOf(0);
      expect([...ids.subarray(0, length)], text.slice(0, 40)).toEqual(golden.inputIds[i]);
    }
    backbone.dispose();
  });

  // 1e-4 is the promise; float32 sums of another order differ by about 3e-7.
  const difference = (row: Float32Array, expected: readonly number[]) =>
    Math.max(...expected.map((value, i) => Math.abs(value - row[i]!)));

  it('embeds as the reference does, alone and in any company', async () => {
    // Nobody is asked about a text that is empty: see model-inputs.test.ts.
    const known = golden.sentences.map((text, i) => ({ text, embedding: golden.embeddings[i]! }));
    const asked = known.filter(({ text }) => text.trim() !== '');
    const [sentences, embeddings] = [asked.map(({ text }) => text), asked.map(({ embedding }) => embedding)];
    const rowsOf = async (texts: readonly string[]) => {
      const {
        shape: [count, width],
        data,
      } = await headstart.embed('minilm-l6', texts);
      return Array.from({ length: count }, (_, i) => data.subarray(i * width, (i + 1) * width));
    };
    const together = await rowsOf(sentences);
    const crowd = await rowsOf([
      ...Array.from({ length: 40 }, (_, i) => `${'filler '.repeat(i * 3)}text ${i}`),
      ...[...sentences].reverse(),
    ]);
    for (const [i, text] of sentences.entries()) {
      const [alone] = await rowsOf([text]);
      for (const row of [alone!, together[i]!, crowd.at(-1 - i)!])
        expect(difference(row, embeddings[i]!), text.slice(0, 40)).toBeLessThan(1e-4);
    }
  });
});
