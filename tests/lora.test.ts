import { openBackend } from '@headstart/backend';
import { createHeadstart, type Headstart } from '@headstart/core';
import nlp from '@headstart/nlp';
import { memory } from '@tensorflow/tfjs-core';
import { cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Ranked {
  readonly top: readonly { readonly label: string; readonly probability: number }[];
}

describe('adapters of all-MiniLM-L6-v2', () => {
  let root: string;
  let headstart: Headstart;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-lora-'));
    headstart = await createHeadstart({ backend: await openBackend({ prefer: 'libtensorflow' }), plugins: [nlp()] });
  });
  afterAll(async () => {
    await headstart.close();
    await rm(root, { recursive: true });
  });

  it('are under a fiftieth of the weights, lie in a small file, and give the predictions of the merged model', async () => {
    const tensors = memory().numTensors;
    let trained = 0;
    const { model: folder } = await headstart.train(
      {
        target: 'sentiment-yelp',
        strategy: 'lora',
        shots: 4,
        split: [90, 0, 10],
        epochs: 2,
        batchSize: 8,
        out: join(root, 'whole'),
      },
      { events: { phaseStart: ({ trainableParameters }) => void (trained = trainableParameters) } },
    );
    // Six layers, query and value, [384, 8] and [8, 384] each; and a head of 384 x 2 with its biases.
    expect(trained).toBe(6 * 2 * 2 * 384 * 8 + 384 * 2 + 2);
    const [whole, alone] = [
      await stat(join(folder, 'weights.safetensors')),
      await stat(join(folder, 'adapters.safetensors')),
    ];
    expect(trained).toBeLessThan(0.02 * (whole.size / 4));
    expect(alone.size).toBeLessThan(0.02 * whole.size);

    const small = join(root, 'small');
    for (const name of ['model.json', 'adapters.safetensors']) await cp(join(folder, name), join(small, name));
    const texts = ['The food was wonderful.', 'Never again: cold, late and rude.', '?'];
    const probabilities = async (from: string) => {
      const model = await headstart.load(from);
      const predictions = (await model.predict(texts)) as Ranked[];
      model.dispose();
      return predictions.map(({ top }) =>
        Object.fromEntries(top.map(({ label, probability }) => [label, probability])),
      );
    };
    const [merged, put] = [await probabilities(folder), await probabilities(small)];
    for (const [i, row] of merged.entries())
      for (const [label, probability] of Object.entries(row))
        expect(Math.abs(put[i]![label]! - probability)).toBeLessThan(1e-4);
    expect(memory().numTensors).toBe(tensors);
  });
});
