import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dispose, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import { createArtifacts, createHeadstart, RandomStream, silentProgress, type Headstart } from '@headstart/core';
import { runStages } from '@headstart/core/network';
import { onnxExporter, type ExportedModel } from '@headstart/core/export';
import detection, { type DetectionPrediction } from '@headstart/detection';
import nlp, { type TextPrediction } from '@headstart/nlp';
import vision, { type ImagePrediction } from '@headstart/vision';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const runtime = { artifacts: createArtifacts(), progress: silentProgress };
const labels = ['a', 'b', 'c'];

let root: string;
let headstart: Headstart;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-onnx-networks-'));
  const backend = await openBackend({ prefer: 'libtensorflow' });
  headstart = await createHeadstart({ backend, plugins: [nlp(), vision(), detection()] });
});
afterAll(async () => {
  await headstart.close();
  await rm(root, { recursive: true });
});

async function modelOf(sourceId: string, taskId: string): Promise<ExportedModel> {
  const source = headstart.sources().find(({ value }) => value.id === sourceId)!.value;
  const task = headstart.tasks().find(({ value }) => value.id === taskId)!.value;
  const published = source.card.files.length > 0;
  const backbone = await source.open(runtime, { weights: published ? 'published' : 'none' });
  const random = new RandomStream(sourceId);
  if (!published) backbone.stages.forEach((stage) => stage.initialise(random.child(stage.name)));
  const head = task.buildHead(backbone, labels, random.child('head'));
  const encoder = task.encoder({ backbone, labels, augmentation: 'none' });
  return { task, labels, backbone, head, encoder, headstart: '0.1.0' };
}

/** Smooth values within the range that networks are fed, or places in a table. */
function inputsOf({ encoder }: ExportedModel, size: number) {
  return Object.entries(encoder.inputs).map(([name, { shape, dtype, below = 2 }]) => {
    const count = shape.reduce((product, n) => product * n, size);
    const values = Array.from({ length: count }, (_, i) =>
      dtype === 'int32' ? (i * 7919) % below : Math.sin(i * 0.37) * Math.cos(i * 0.0011),
    );
    return { name, dtype, values, shape: [size, ...shape] };
  });
}

describe('a network written as ONNX', () => {
  it.each([
    ['efficientnet-lite0', 'image-classification'],
    ['efficientnet-lite0', 'multi-label-image-classification'],
    ['small-cnn', 'image-classification'],
    ['nanodet-coco', 'object-detection'],
    ['efficientnet-lite0-fpn', 'object-detection'],
    ['efficientnet-lite0-fpn', 'heat-map-detection'],
    ['text-cnn', 'text-classification'],
    ['use-lite', 'text-classification'],
    ['word-vectors', 'multi-label-classification'],
  ])('%s for %s computes in onnxruntime what it computes here', async (source, task) => {
    const model = await modelOf(source, task);
    const folder = join(root, `${source}-${task}`);
    const files = await onnxExporter.write(model, folder);
    expect(files[0]).toBe(join(folder, 'model.onnx'));
    const names = await readdir(folder);
    // Texts become vectors of these in Node alone.
    const page = ['use-lite', 'word-vectors'].includes(source) ? [] : ['headstart.json', 'index.html', 'predict.js'];
    expect(names).toEqual(expect.arrayContaining(['README.md', 'model.onnx', ...page]));
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain("InferenceSession.create('model.onnx')");
    const session = await InferenceSession.create(files[0]!);
    for (const size of [1, 3]) {
      const inputs = inputsOf(model, size);
      const expected = tidy(() => {
        const given = inputs.map(({ name, values, shape, dtype }) => [name, tensorOf(values, shape, dtype)] as const);
        return runStages([...model.backbone.stages, model.head], Object.fromEntries(given));
      });
      const feeds = inputs.map(({ name, values, shape, dtype }) => [
        name,
        dtype === 'int32'
          ? new OrtTensor('int64', BigInt64Array.from(values, BigInt), shape)
          : new OrtTensor('float32', Float32Array.from(values), shape),
      ]);
      const actual = await session.run(Object.fromEntries(feeds) as never);
      for (const [name, want] of Object.entries(expected)) {
        expect([...actual[name]!.dims]).toEqual(want.shape);
        const got = actual[name]!.data as Float32Array;
        const wanted = await want.data<'float32'>();
        const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
        // Single precision over some fifty layers in another order of summation.
        const far = wanted.findIndex((value, i) => !(Math.abs(value - got[i]!) <= 1e-4 * scale));
        expect([name, far, wanted[far], got[far]], `batch ${size}`).toEqual([name, -1, undefined, undefined]);
      }
      dispose(expected);
    }
    await session.release();
    for (const { value } of model.head.variables) value.dispose();
    model.backbone.dispose();
  });
});

function tensorOf(values: number[], shape: number[], dtype: 'float32' | 'int32'): Tensor {
  return tensor(values, shape, dtype);
}

describe('predictions by onnxruntime', () => {
  it('are those of the backend: pictures, texts of several lengths, objects', async () => {
    const pictures = await Promise.all(
      [1, 2, 3].map((seed) =>
        sharp({
          create: {
            width: 200 + 40 * seed,
            height: 160,
            channels: 3,
            noise: { type: 'gaussian', mean: 40 * seed, sigma: 30 },
            background: '#000',
          },
        })
          .jpeg()
          .toBuffer(),
      ),
    );
    const texts = ['Great phone.', 'It broke at once and nobody answers.', 'word '.repeat(100).trim()];
    await headstart.train({ target: 'sentiment-amazon', strategy: 'linear-probe', out: join(root, 'texts'), seed: 1 });
    await headstart.train({
      target: 'emoji-google',
      strategy: 'linear-probe',
      out: join(root, 'pictures'),
      seed: 1,
    });
    const each = async <Prediction>(
      name: string,
      inputs: readonly (string | Buffer)[],
      open: 'load' | 'pretrained',
    ) => {
      const own = await headstart[open]<Prediction>(name, { inference: 'backend' });
      const other = await headstart[open]<Prediction>(name, { inference: 'auto' });
      expect(other.computedBy.engine).toMatch(/^onnxruntime \d/);
      const [a, b] = [await own.predict(inputs), await other.predict(inputs)];
      own.dispose();
      other.dispose();
      return a.map((prediction, i) => [prediction, b[i]!] as const);
    };
    for (const [a, b] of await each<TextPrediction>(join(root, 'texts'), texts, 'load')) {
      expect(b.label).toBe(a.label);
      a.top.forEach(({ probability }, i) => expect(b.top[i]!.probability).toBeCloseTo(probability, 4));
    }
    for (const [a, b] of await each<ImagePrediction>(join(root, 'pictures'), pictures, 'load')) {
      expect(b.label).toBe(a.label);
      a.top.forEach(({ probability }, i) => expect(b.top[i]!.probability).toBeCloseTo(probability, 4));
    }
    for (const [a, b] of await each<DetectionPrediction>('nanodet-coco', pictures, 'pretrained')) {
      expect(b.objects.map(({ label }) => label)).toEqual(a.objects.map(({ label }) => label));
      a.objects.forEach(({ box }, i) => box.forEach((side, k) => expect(b.objects[i]!.box[k]).toBeCloseTo(side, 1)));
    }
  });
});
