import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createHeadstart, definePlugin, type RunEvents, type TransferRequest } from '@headstart/core';
import { eagerStep, type Backend } from '@headstart/core/backend';
import detection, { type DetectionPrediction } from '@headstart/detection';
import { memory } from '@tensorflow/tfjs-core';
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
const warnings: string[] = [];
const note = ({ message }: Error) => void warnings.push(message);
const compose = (on = backend) =>
  createHeadstart({ backend: on, plugins: [plugin(), detection()], cacheRoot: join(root, `cache-${runs++}`) });
const folder = () => join(root, `run-${runs++}`);
const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));

let old: string;
let reds: string;
let blues: string;
beforeAll(async () => {
  // oneDNN fuses a bias into a product, which rounds differently; without it nothing does.
  process.env.TF_ENABLE_ONEDNN_OPTS = '0';
  root = await mkdtemp(join(tmpdir(), 'headstart-keep-classes-'));
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu', capture: true });
  process.on('warning', note);
  reds = await writeBoxes(join(root, 'reds'), { train: ['red'], test: ['red'] });
  blues = await writeBoxes(join(root, 'blues'), { train: ['blue'], test: ['red', 'blue'] });
  const headstart = await compose();
  ({ model: old } = await headstart.train({
    target: reds,
    source: 'small-detector',
    strategy: 'fine-tune',
    epochs: 60,
    batchSize: 8,
    learningRate: 3e-3,
    seed: 1,
    out: folder(),
  }));
}, 300_000);
afterAll(async () => {
  process.off('warning', note);
  await backend.close();
  await rm(root, { recursive: true });
});

const extend = (more: Partial<TransferRequest> = {}): TransferRequest => ({
  target: blues,
  source: `model:${old}`,
  keepClasses: true,
  strategy: 'lp-ft',
  epochs: 6,
  batchSize: 8,
  seed: 2,
  out: folder(),
  ...more,
});

describe('a detector that learns a new class and keeps its old one', () => {
  it('finds both, and reports how well it finds each, where pictures with old objects annotate the new ones alone', async () => {
    const headstart = await compose();
    const before = await headstart.load(old);
    const { AP } = (await before.evaluate(reds, { split: 'test' })).metrics.values;
    before.dispose();
    expect(AP).toBeGreaterThan(0.4);

    const { model, metrics } = await headstart.train(extend({ epochs: 40 }));
    expect(metrics['test']!.APold).toBeGreaterThan(AP! - 0.05);
    expect(metrics['test']!.APnew).toBeGreaterThan(0.3);
    expect(metrics['test']!.AP).toBeCloseTo((metrics['test']!.APold! + metrics['test']!.APnew!) / 2, 9);
    const loaded = await headstart.load(model);
    expect(loaded.labels).toEqual(['red', 'blue']);
    expect((await loaded.evaluate(blues, { split: 'test' })).metrics.values).toMatchObject({
      APold: expect.any(Number) as number,
      APnew: expect.any(Number) as number,
    });
    const [prediction] = (await loaded.predict([join(blues, 'images', 'test', '1.png')])) as DetectionPrediction[];
    expect(new Set(prediction!.objects.map(({ label }) => label))).toEqual(new Set(['red', 'blue']));
    loaded.dispose();
    expect(warnings).toEqual([]);
  }, 300_000);

  it.each<[string, Partial<TransferRequest>]>([
    ['the head, then everything', { strategy: 'lp-ft', epochs: 2, augmentation: 'light' }],
    ['on cached views', { strategy: 'tune-head', epochs: 3, augmentation: 'light', views: 2 }],
  ])(
    'by recorded steps that give what they give op by op, and resumes to the same bytes: %s',
    async (_what, request) => {
      const tensors = memory().numTensors;
      const whole = await (await compose()).train(extend(request));
      const eager = await (await compose({ ...backend, compile: eagerStep })).train(extend(request));
      expect((await weightsOf(eager.model)).equals(await weightsOf(whole.model))).toBe(true);
      const out = folder();
      for (const [piece, stopAt] of [4, 3, Infinity].entries()) {
        const stop = new AbortController();
        let steps = 0;
        const events: Partial<RunEvents> = { step: () => void (++steps === stopAt && stop.abort()) };
        const headstart = await compose();
        const running =
          piece === 0
            ? headstart.train(extend({ ...request, out }), { events, signal: stop.signal })
            : headstart.resume(out, { events, signal: stop.signal });
        await running.catch((error: { code?: string }) => expect(error.code).toBe('interrupted'));
      }
      expect((await weightsOf(out)).equals(await weightsOf(whole.model))).toBe(true);
      expect(memory().numTensors).toBe(tensors);
      expect(warnings).toEqual([]);
    },
    300_000,
  );
});
