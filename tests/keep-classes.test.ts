import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import {
  createHeadstart,
  definePlugin,
  RandomStream,
  type RunEvents,
  type SourceDomain,
  type TransferRequest,
} from '@headstart/core';
import { eagerStep, type Backend } from '@headstart/core/backend';
import {
  disposeStages,
  layerStage,
  modelVariable,
  assignValues,
  stageInput,
  type Backbone,
  type Layer,
} from '@headstart/core/network';
import detection, { type DetectionPrediction } from '@headstart/detection';
import { add, conv2d, leakyRelu, memory, type Tensor4D } from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SIDE = 64;
const WIDTH = 24;

function convolution(name: string, inputs: number, stride: 1 | 2): Layer & { forward(x: Tensor4D): Tensor4D } {
  const kernel = modelVariable(`${name}/kernel`, [3, 3, inputs, WIDTH], { role: 'weight', decay: true });
  const bias = modelVariable(`${name}/bias`, [WIDTH], { role: 'weight', decay: false });
  return {
    variables: [kernel, bias],
    initialise: (random) =>
      assignValues(
        kernel,
        Float32Array.from({ length: kernel.value.size }, () => Math.sqrt(2 / (9 * inputs)) * random.normal()),
      ),
    forward: (x) => leakyRelu(add<Tensor4D>(conv2d(x, kernel.value as never, stride, 'same'), bias.value), 0.1),
  };
}

/** A detector of three maps and a few thousand weights, for pictures of 64 x 64. */
const small: SourceDomain = {
  id: 'small-detector',
  modality: 'image',
  card: {
    title: 'Small detector',
    description: 'Seven convolutions',
    trainedOn: 'none',
    licence: 'Apache-2.0',
    files: [],
  },
  async open(_runtime, { weights }): Promise<Backbone> {
    const stem = [convolution('s1', 3, 2), convolution('s2', WIDTH, 2), convolution('s3', WIDTH, 2)];
    const [c16, c32] = [convolution('c16', WIDTH, 2), convolution('c32', WIDTH, 2)];
    const towers = [8, 16, 32].map((stride) => convolution(`t${stride}`, WIDTH, 1));
    const stages = [
      layerStage('body', [...stem, c16, c32], (inputs) => {
        const fine = stem.reduce((x, layer) => layer.forward(x), stageInput(inputs, 'image') as Tensor4D);
        const middle = c16.forward(fine);
        return { c8: fine, c16: middle, c32: c32.forward(middle) };
      }),
      layerStage('tower', towers, (inputs) =>
        Object.fromEntries(
          towers.map((layer, i) => [`t${8 << i}`, layer.forward(stageInput(inputs, `c${8 << i}`) as Tensor4D)]),
        ),
      ),
    ];
    if (weights === 'published')
      for (const stage of stages) stage.initialise(new RandomStream('small').child(stage.name));
    return {
      architecture: 'small-detector/1',
      input: {
        tensors: { image: { shape: [SIDE, SIDE, 3], dtype: 'float32' } },
        preprocessing: {
          height: SIDE,
          width: SIDE,
          order: 'RGB',
          mean: [127, 127, 127],
          deviation: [64, 64, 64],
          interpolation: 'bilinear',
          fit: 'stretch',
          layout: 'NHWC',
        },
      },
      stages,
      features: [8, 16, 32].map((stride) => ({
        name: `t${stride}`,
        stage: 'tower',
        tensor: `t${stride}`,
        shape: [SIDE / stride, SIDE / stride, WIDTH],
        kind: 'map' as const,
        stride,
      })),
      dispose: () => disposeStages(stages),
    };
  },
};
const plugin = definePlugin({
  name: 'small',
  version: '1.0.0',
  headstart: '*',
  setup: ({ sources }) => sources.add(small),
});

const COLOURS = { red: '#e02020', blue: '#2040e0' } as const;

/** A COCO folder of pictures that show a red and a blue box each, of which some colours are annotated, by split. */
async function writeBoxes(
  folder: string,
  annotated: Readonly<Record<string, readonly (keyof typeof COLOURS)[]>>,
): Promise<string> {
  await mkdir(join(folder, 'annotations'), { recursive: true });
  for (const [split, colours] of Object.entries(annotated)) {
    await mkdir(join(folder, 'images', split), { recursive: true });
    const random = new RandomStream('boxes').child(split);
    const annotations: object[] = [];
    const images = Array.from({ length: 24 }, (_, i) => ({
      id: i + 1,
      file_name: `${i + 1}.png`,
      width: SIDE,
      height: SIDE,
    }));
    for (const { id, file_name } of images) {
      const boxes = Object.entries(COLOURS).map(([name, colour], half) => {
        const [width, height] = [12 + random.int(14), 12 + random.int(14)];
        return {
          name,
          colour,
          left: 32 * half + random.int(33 - width),
          top: random.int(SIDE - height),
          width,
          height,
        };
      });
      const shapes = boxes.map(
        ({ colour, left, top, width, height }) =>
          `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${colour}"/>`,
      );
      await sharp(
        Buffer.from(
          `<svg width="${SIDE}" height="${SIDE}"><rect width="100%" height="100%" fill="#808878"/>${shapes.join('')}</svg>`,
        ),
      )
        .removeAlpha()
        .png()
        .toFile(join(folder, 'images', split, file_name));
      for (const { name, left, top, width, height } of boxes) {
        if (!colours.includes(name as keyof typeof COLOURS)) continue;
        annotations.push({
          id: annotations.length + 1,
          image_id: id,
          category_id: Object.keys(COLOURS).indexOf(name) + 1,
          bbox: [left, top, width, height],
          area: width * height,
          iscrowd: 0,
        });
      }
    }
    await writeFile(
      join(folder, 'annotations', `${split}.json`),
      JSON.stringify({ images, annotations, categories: Object.keys(COLOURS).map((name, i) => ({ id: i + 1, name })) }),
    );
  }
  return folder;
}

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
