import { readdir, readFile, rm, writeFile, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createHeadstart, definePlugin, type RunEvents, type TransferRequest } from '@headstart/core';
import { eagerStep, type Backend } from '@headstart/core/backend';
import detection from '@headstart/detection';
import nlp from '@headstart/nlp';
import { memory } from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallDetector, writeBoxes } from './fixtures/small-detector.ts';

const plugin = definePlugin({
  name: 'small',
  version: '1.0.0',
  headstart: '*',
  setup: ({ sources }) => sources.add(smallDetector),
});

let backend: Backend;
let root: string;
let runs = 0;
/** A small detector of these pictures, and darker ones to adapt to. */
let known: string;
let bright: string;
let dark: string;
const compose = (on = backend) =>
  createHeadstart({ backend: on, plugins: [plugin(), detection(), nlp()], cacheRoot: join(root, `cache-${runs++}`) });
const folder = () => join(root, `run-${runs++}`);
const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));

beforeAll(async () => {
  // oneDNN fuses a bias into a product, which rounds differently; without it nothing does.
  process.env.TF_ENABLE_ONEDNN_OPTS = '0';
  root = await mkdtemp(join(tmpdir(), 'headstart-detection-adaptation-'));
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu', capture: true });
  bright = await writeBoxes(join(root, 'bright'), { train: ['red', 'blue'], test: ['red', 'blue'] });
  dark = await darkened(join(root, 'dark'));
  ({ model: known } = await (await compose()).train({
    target: bright,
    source: 'small-detector',
    strategy: 'fine-tune',
    epochs: 40,
    batchSize: 8,
    seed: 1,
    out: folder(),
  }));
}, 300_000);
afterAll(async () => {
  await backend.close();
  await rm(root, { recursive: true });
});

/** Other pictures than the labelled ones, at half the light. */
async function darkened(path: string): Promise<string> {
  await writeBoxes(path, { validation: ['red', 'blue'] }, 8);
  const pictures = join(path, 'images', 'validation');
  for (const name of await readdir(pictures)) {
    const picture = await sharp(await readFile(join(pictures, name)))
      .linear(0.5)
      .png()
      .toBuffer();
    await writeFile(join(pictures, name), picture);
  }
  return path;
}

const request = (more: Partial<TransferRequest> = {}): TransferRequest => ({
  target: bright,
  adapt: dark,
  source: `model:${known}`,
  epochs: 2,
  batchSize: 8,
  learningRate: 1e-3,
  seed: 2,
  out: folder(),
  ...more,
});

describe('a detector that adapts to unlabelled pictures', () => {
  it.each<[string, Partial<TransferRequest>]>([
    [
      'self-training on altered views',
      { strategy: 'self-training:threshold=0.3,doubt=0.1,with=dann', augmentation: 'strong' },
    ],
    ['maps that a discriminator cannot tell apart', { strategy: 'dann' }],
    ['means and covariances of maps', { strategy: 'coral' }],
  ])(
    'does so by recorded steps that give what they give op by op, and resumes to the same bytes: %s',
    async (_what, more) => {
      const tensors = memory().numTensors;
      const whole = await (await compose()).train(request(more));
      expect(whole).toMatchObject({ setting: 'inductive', strategy: more.strategy });
      const eager = await (await compose({ ...backend, compile: eagerStep })).train(request(more));
      expect((await weightsOf(eager.model)).equals(await weightsOf(whole.model))).toBe(true);
      const out = folder();
      // 24 labelled pictures in batches of 8: three steps an epoch.
      for (const [piece, stopAt] of [2, 3, Infinity].entries()) {
        const stop = new AbortController();
        let steps = 0;
        const events: Partial<RunEvents> = { step: () => void (++steps === stopAt && stop.abort()) };
        const headstart = await compose();
        const running =
          piece === 0
            ? headstart.train(request({ ...more, out }), { events, signal: stop.signal })
            : headstart.resume(out, { events, signal: stop.signal });
        await running.catch((error: { code?: string }) => expect(error.code).toBe('interrupted'));
      }
      expect((await weightsOf(out)).equals(await weightsOf(whole.model))).toBe(true);
      expect(memory().numTensors).toBe(tensors);
    },
    300_000,
  );

  it('trains itself where no strategy is named, and never sees where the unlabelled objects are', async () => {
    const choices: string[] = [];
    const events: Partial<RunEvents> = {
      choice: ({ what, value, why }) => void (what === 'strategy' && choices.push(`${value}: ${why}`)),
    };
    const first = await (await compose()).train(request(), { events });
    expect(choices).toEqual(['self-training: default for object-detection with samples to adapt to']);
    const file = join(dark, 'annotations', 'validation.json');
    const text = await readFile(file, 'utf8');
    const set = JSON.parse(text) as { annotations: { bbox: number[]; category_id: number }[] };
    for (const annotation of set.annotations) {
      annotation.bbox = [1, 2, 3, 4];
      annotation.category_id = 1;
    }
    await writeFile(file, JSON.stringify(set));
    const second = await (await compose()).train(request());
    await writeFile(file, text);
    expect((await weightsOf(second.model)).equals(await weightsOf(first.model))).toBe(true);
  }, 300_000);

  it('says so where no box is sure enough, and learns from labelled pictures alone', async () => {
    const warnings: string[] = [];
    const events: Partial<RunEvents> = { warning: (message) => void warnings.push(message) };
    await (await compose()).train(request({ strategy: 'self-training:threshold=0.9999', source: 'small-detector' }), {
      events,
    });
    expect(warnings).toContainEqual(
      expect.stringContaining('no box in the unlabelled pictures has a score of 0.9999 or more'),
    );
  }, 300_000);

  it.each<[string, () => Partial<TransferRequest>, string, string]>([
    [
      'no unlabelled pictures',
      () => ({ adapt: undefined, strategy: 'dann' }),
      'invalid-option',
      'learns from unlabelled samples',
    ],
    ['the labelled ones again', () => ({ adapt: bright }), 'invalid-option', 'are labelled samples of'],
    ['texts', () => ({ adapt: 'sentiment-yelp' }), 'not-supported', 'are text data'],
    ['one epoch', () => ({ epochs: 1 }), 'invalid-option', 'finds nothing to learn from'],
    ['statistics that are not there', () => ({ strategy: 'adabn' }), 'not-supported', 'has no statistics to keep'],
    ['a strategy of classifiers', () => ({ strategy: 'cdan' }), 'not-supported', 'adapts classifiers'],
    [
      'a strategy that does not adapt',
      () => ({ strategy: 'fine-tune' }),
      'invalid-option',
      'learns nothing from unlabelled',
    ],
    ['options that are not its own', () => ({ strategy: 'self-training:unfreeze=1' }), 'invalid-option', 'unfreeze'],
  ])('%s: refused', async (_what, more, code, message) => {
    const before = memory().numTensors;
    await expect((await compose()).train(request(more()))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
    expect(memory().numTensors).toBe(before);
  });

  it('refuses one picture to adapt to', async () => {
    const one = await writeBoxes(join(root, 'one'), { validation: ['red'] }, 1);
    await expect((await compose()).train(request({ adapt: one }))).rejects.toMatchObject({ code: 'target-too-small' });
  });
});
