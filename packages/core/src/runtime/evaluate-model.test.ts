import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Backend } from '../ports/backend.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin } from '../testing/point-domain.ts';
import { createHeadstart } from './create-headstart.ts';

let backend: Backend;
let root: string;
let caches = 0;

beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-evaluate-'));
});
afterAll(() => rm(root, { recursive: true }));

const compose = (cache = `cache-${++caches}`) =>
  createHeadstart({ backend, plugins: [pointPlugin()], cacheRoot: join(root, cache) });

let runs = 0;

async function trained(strategy: string): Promise<{ directory: string; cache: string }> {
  const cache = `cache-${++caches}`;
  const out = join(root, `run-${++runs}`);
  const { model } = await (await compose(cache)).train({ target: 'points', strategy, epochs: 2, out });
  return { directory: model, cache };
}

/** Has the model's card say that these were the phases of its training; `undefined` as in cards that did not say. */
async function rewritePhases(directory: string, phases: { trainable: Record<string, number> }[] | undefined) {
  const path = join(directory, 'model.json');
  const card = JSON.parse(await readFile(path, 'utf8')) as { training: object };
  await writeFile(path, JSON.stringify({ ...card, training: { ...card.training, phases } }));
}

describe('an evaluation', () => {
  it('leaves no compiled step behind: a model may be asked about ever new shapes', async () => {
    const { directory, cache } = await trained('fine-tune');
    let open = 0;
    const counting: Backend = Object.create(backend) as Backend;
    counting.compile = (step, how) => {
      const compiled = backend.compile(step, how);
      open++;
      const dispose = () => {
        open--;
        compiled.dispose();
      };
      return Object.assign((...args: Parameters<typeof step>) => compiled(...args), { dispose });
    };
    const headstart = await createHeadstart({
      backend: counting,
      plugins: [pointPlugin()],
      cacheRoot: join(root, cache),
    });
    const model = await headstart.load(directory);
    const before = open;
    for (const batchSize of [3, 5, 7]) {
      await model.evaluate('points', { batchSize });
      expect(open).toBe(before);
    }
    model.dispose();
  });

  it("takes the frozen stages' features from the store: those of the training, and its own", async () => {
    const { directory, cache } = await trained('linear-probe');
    const tensors = memory().numTensors;
    const after = await (await compose(cache)).load(directory);
    expect((await after.evaluate('points')).features).toMatchObject({
      stage: 'upper',
      samples: 18,
      reused: 18,
      computed: 0,
    });
    after.dispose();

    const model = await (await compose()).load(directory);
    const first = await model.evaluate('points', { split: 'all' });
    expect(first.features).toMatchObject({ stage: 'upper', samples: 90, reused: 0, computed: 90 });
    const second = await model.evaluate('points', { split: 'all' });
    expect(second.features).toMatchObject({ samples: 90, reused: 90, computed: 0 });
    expect(second.metrics).toEqual(first.metrics);
    model.dispose();
    expect(memory().numTensors).toBe(tensors);
  });

  it('gives the same numbers as without the store', async () => {
    const { directory } = await trained('linear-probe');
    const cached = await (await compose()).load(directory);
    await rewritePhases(directory, undefined);
    const uncached = await (await compose()).load(directory);
    const [with_, without] = [await cached.evaluate('points'), await uncached.evaluate('points')];
    expect(with_.features?.computed).toBe(18);
    expect(without.features).toBeUndefined();
    expect(with_.metrics).toEqual(without.metrics);
    cached.dispose();
    uncached.dispose();
  });

  it('takes as many stages as no phase trained', async () => {
    const { directory } = await trained('fine-tune');
    const whole = await (await compose()).load(directory);
    const { features, metrics } = await whole.evaluate('points');
    expect(features).toBeUndefined();
    whole.dispose();
    await rewritePhases(directory, [{ trainable: { head: 1 } }, { trainable: { upper: 0.1, head: 1 } }]);
    const upper = await (await compose()).load(directory);
    const evaluated = await upper.evaluate('points');
    expect(evaluated.features?.stage).toBe('lower');
    expect(evaluated.metrics).toEqual(metrics);
    upper.dispose();
  });
});
