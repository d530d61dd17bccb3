import { openBackend } from '@headstart/backend';
import { createHeadstart, type Headstart } from '@headstart/core';
import nlp, { type SimilarityPrediction } from '@headstart/nlp';
import { memory } from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Golden {
  readonly sentences: readonly string[];
  readonly embeddings: readonly (readonly number[])[];
}

describe('pairs of texts on all-MiniLM-L6-v2', () => {
  const warnings: string[] = [];
  const note = ({ message }: Error) => void warnings.push(message);
  let root: string;
  let headstart: Headstart;
  let golden: Golden;
  let file: string;
  let pairs: (readonly [number, number])[];
  beforeAll(async () => {
    process.on('warning', note);
    root = await mkdtemp(join(tmpdir(), 'headstart-pairs-'));
    golden = JSON.parse(await readFile(new URL('fixtures/all-minilm-l6-v2.json', import.meta.url), 'utf8')) as Golden;
    const short = golden.sentences.flatMap((text, i) => (text.trim().length > 0 && text.length < 120 ? [i] : []));
    pairs = short.slice(1).map((index, i) => [short[i]!, index]);
    const rows = pairs.map(([a, b], i) =>
      JSON.stringify({ text: golden.sentences[a], pair: golden.sentences[b], score: i % 4 }),
    );
    file = join(root, 'pairs.jsonl');
    await writeFile(file, `${rows.join('\n')}\n`);
    headstart = await createHeadstart({ backend: await openBackend({ prefer: 'libtensorflow' }), plugins: [nlp()] });
  });
  afterAll(async () => {
    process.off('warning', note);
    await headstart.close();
    await rm(root, { recursive: true });
  });

  it('are as alike as the reference finds them, by captured steps, and resume to the same bytes', async () => {
    const tensors = memory().numTensors;
    const request = { target: file, split: [100, 0, 0] as const, batchSize: 4, epochs: 1 };
    const { task, model: folder } = await headstart.train({ ...request, learningRate: 1e-9, out: join(root, 'as-is') });
    expect(task).toBe('text-similarity');
    const model = await headstart.load(folder);
    const predicted = (await model.predict(
      pairs.map(([a, b]) => JSON.stringify([golden.sentences[a], golden.sentences[b]])),
    )) as SimilarityPrediction[];
    model.dispose();
    // The reference's vectors are of length 1, and ours within 1e-4 of them.
    pairs.forEach(([a, b], i) => {
      const cosine = golden.embeddings[a]!.reduce((sum, value, k) => sum + value * golden.embeddings[b]![k]!, 0);
      expect(predicted[i]!.similarity).toBeCloseTo(cosine, 4);
    });

    const whole = await headstart.train({ ...request, out: join(root, 'whole') });
    const stop = new AbortController();
    const out = join(root, 'pieces');
    await expect(
      headstart.train({ ...request, out }, { signal: stop.signal, events: { step: () => stop.abort() } }),
    ).rejects.toMatchObject({ code: 'interrupted' });
    await headstart.resume(out);
    const weights = (directory: string) => readFile(join(directory, 'weights.safetensors'));
    expect((await weights(out)).equals(await weights(whole.model))).toBe(true);
    expect(warnings).toEqual([]);
    expect(memory().numTensors).toBe(tensors);
  });

  it('learn vectors, from pairs and from labels, by captured steps', async () => {
    const tensors = memory().numTensors;
    const pairsAlone = join(root, 'pairs-alone.jsonl');
    await writeFile(pairsAlone, (await readFile(file, 'utf8')).replaceAll(/,"score":\d/g, ''));
    const fromPairs = await headstart.train({
      target: pairsAlone,
      split: [60, 0, 40],
      batchSize: 4,
      epochs: 1,
      out: join(root, 'vectors'),
    });
    const fromLabels = await headstart.train({
      target: 'sentiment-yelp',
      task: 'text-embedding',
      split: [80, 0, 20],
      shots: 4,
      batchSize: 8,
      epochs: 1,
      out: join(root, 'by-label'),
    });
    for (const { task, metrics } of [fromPairs, fromLabels]) {
      expect(task).toBe('text-embedding');
      expect(metrics['test']!['mrr']).toBeGreaterThan(0);
      expect(metrics['test']!['recallAt10']).toBeGreaterThanOrEqual(metrics['test']!['recallAt1']!);
    }
    expect(warnings).toEqual([]);
    expect(memory().numTensors).toBe(tensors);
  });
});
