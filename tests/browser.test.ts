import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import {
  createArtifacts,
  createHeadstart,
  RandomStream,
  silentProgress,
  type Headstart,
  type SourceRuntime,
} from '@headstart/core';
import { exportGraphModel } from '@headstart/core/export';
import { runStages, type Stage, type Tensors } from '@headstart/core/network';
import nlp, { type TextPrediction } from '@headstart/nlp';
import vision, { imageClassification, smallCnn } from '@headstart/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER_HERE, openBrowser, type Browser } from './browser.ts';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const modules = new URL('../node_modules', import.meta.url).pathname;

describe.skipIf(!BROWSER_HERE)('in a browser', () => {
  let root: string;
  let headstart: Headstart;
  let browser: Browser;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'headstart-in-browser-'));
    headstart = await createHeadstart({
      backend: await openBackend({ prefer: 'libtensorflow' }),
      plugins: [vision(), nlp()],
    });
    browser = await openBrowser();
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await headstart?.close();
    await rm(root, { recursive: true });
  });

  const TEXTS = [
    'Works perfectly, I love it.',
    'It broke after two days.',
    'Great value for the price!',
    'Do not buy this, a waste of money.',
    'The sound is clear and loud.',
    'Terrible battery life.',
  ];

  describe('a text classifier exported as ONNX', () => {
    let ours: TextPrediction[];
    beforeAll(async () => {
      await headstart.train({
        target: 'sentiment-amazon',
        strategy: 'linear-probe',
        seed: 7,
        out: join(root, 'classifier'),
      });
      const model = await headstart.load(join(root, 'classifier'));
      ours = (await model.predict(TEXTS)) as TextPrediction[];
      await model.export('onnx', join(root, 'models', 'classifier'));
      model.dispose();
    }, 300_000);

    it.each([
      {
        library: '@huggingface/transformers',
        runtime: 'onnxruntime-web/dist',
        options: (precision: string) => ({ dtype: precision, device: 'wasm' }),
      },
      {
        library: '@xenova/transformers',
        runtime: '@xenova/transformers/dist',
        options: (precision: string) => ({ quantized: precision === 'q8' }),
      },
    ])(
      'gives through $library what it gives here',
      async ({ library, runtime, options }) => {
        for (const precision of ['fp32', 'q8']) {
          const script = `
          import { env, pipeline } from '/library/transformers.min.js';
          env.allowRemoteModels = false;
          env.allowLocalModels = true;
          env.localModelPath = '/models/';
          env.useBrowserCache = false;
          env.backends.onnx.wasm.wasmPaths = location.origin + '/runtime/';
          env.backends.onnx.wasm.numThreads = 1;
          export default async () => {
            const classify = await pipeline('text-classification', 'classifier', ${JSON.stringify(options(precision))});
            const found = [];
            for (const text of ${JSON.stringify(TEXTS)}) found.push((await classify(text))[0]);
            return found;
          };`;
          const theirs = await browser.run<{ label: string; score: number }[]>(script, {
            library: join(modules, library, 'dist'),
            runtime: join(modules, runtime),
            models: join(root, 'models'),
          });
          expect(
            theirs.map(({ label }) => label),
            precision,
          ).toEqual(ours.map(({ label }) => label));
          const far = theirs.map(({ label, score }, i) =>
            Math.abs(score - ours[i]!.top.find((one) => one.label === label)!.probability),
          );
          // The promise is 1e-3 in single precision; in 8 bits, sure answers stay sure.
          expect(Math.max(...far), precision).toBeLessThan(precision === 'fp32' ? 1e-3 : 0.2);
        }
      },
      300_000,
    );
  });

  it('an image classifier exported for TensorFlow.js gives what it gives here', async () => {
    const backbone = await smallCnn.open(runtime, { weights: 'none' });
    const random = new RandomStream(7);
    backbone.stages.forEach((stage, i) => stage.initialise(random.child(i)));
    const head = imageClassification().buildHead(backbone, ['a', 'b', 'c'], random.child('head'));
    const stages: readonly Stage[] = [...backbone.stages, head];
    const forward = (inputs: Tensors) => ({
      logits: runStages(stages, inputs)['logits']!,
    });
    await exportGraphModel(
      { forward, inputs: backbone.input.tensors, variables: stages.flatMap(({ variables }) => variables) },
      join(root, 'models', 'small-cnn'),
    );
    const [name, { shape }] = Object.entries(backbone.input.tensors)[0]!;
    const sizes = [2, ...shape];
    const count = sizes.reduce((a, b) => a * b, 1);
    const values = (i: number) => Math.fround(((i * 7) % 23) / 23);
    const expected = await tf
      .tidy(
        () =>
          forward({
            [name]: tf.tensor(
              Float32Array.from({ length: count }, (_, i) => values(i)),
              sizes as [number],
            ),
          }).logits,
      )
      .data();
    const script = `
      import '/tfjs/tf.min.js';
      export default async () => {
        await tf.setBackend('cpu');
        const model = await tf.loadGraphModel('/models/small-cnn/model.json');
        const values = Float32Array.from({ length: ${count} }, (_, i) => Math.fround(((i * 7) % 23) / 23));
        return [...await model.predict(tf.tensor(values, ${JSON.stringify(sizes)})).data()];
      };`;
    const actual = await browser.run<number[]>(script, {
      tfjs: join(modules, '@tensorflow/tfjs/dist'),
      models: join(root, 'models'),
    });
    expect(actual).toHaveLength(expected.length);
    expect(Math.max(...Array.from(expected, Math.abs))).toBeGreaterThan(0);
    expected.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, 4));
    backbone.dispose();
  }, 120_000);
});
