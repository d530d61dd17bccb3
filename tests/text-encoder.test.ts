import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('goes on as a source once it has been trained: it embeds as the model does, and is trained on', async () => {
    const root = await mkdtemp(join(tmpdir(), 'headstart-minilm-'));
    try {
      const texts = golden.sentences.filter((text) => /^[\w ,.']+$/.test(text)).slice(0, 4);
      const rows = Array.from(
        { length: 12 },
        (_, i) => `"${i % 2 ? 'a good film' : 'a bad meal'} of ${i}",${i % 2 ? 'film' : 'meal'}`,
      );
      const target = join(root, 'texts.csv');
      await writeFile(target, ['text,label', ...rows].join('\n'));
      const request = { target, strategy: 'fine-tune', epochs: 1, batchSize: 8, learningRate: 1e-4 };
      const { model } = await headstart.train({ ...request, source: 'minilm-l6', out: join(root, 'run') });
      const loaded = await headstart.load(model);
      const own = await loaded.embed(['hello', ...texts]);
      loaded.dispose();
      const asSource = await headstart.embed(`model:${model}`, ['hello', ...texts]);
      expect(asSource.shape).toEqual([1 + texts.length, 384]);
      expect([...asSource.data]).toEqual([...own.data]);
      const published = await headstart.embed('minilm-l6', ['hello']);
      expect(difference(published.data, [...own.data.subarray(0, 384)])).toBeGreaterThan(1e-4);
      const next = await headstart.train({ ...request, source: `model:${model}`, out: join(root, 'next') });
      expect(next.source).toBe(`model:${model}`);
    } finally {
      await rm(root, { recursive: true });
    }
  }, 240_000);
});
