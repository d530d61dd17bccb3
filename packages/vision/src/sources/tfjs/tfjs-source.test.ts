import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { createArtifacts, silentProgress, type SourceRuntime } from '@headstart/core';
import { runStages, type Backbone } from '@headstart/core/network';
import { checkBackbone } from '@headstart/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImagePreprocessing } from '../image-preprocessing.ts';
import { GRAPH_WEIGHTS, residualLayersModel, saveGraphModel, saveLayersModel, values } from './models.test.kit.ts';
import { tfjsScheme } from './tfjs-source.ts';

let folder: string;
let runtime: SourceRuntime;
let tensors = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-tfjs-'));
  runtime = { artifacts: createArtifacts({ root: join(folder, 'cache') }), progress: silentProgress };
  await tf.setBackend('cpu');
  const model = residualLayersModel();
  await saveLayersModel(model, join(folder, 'layers'));
  model.dispose();
  await saveGraphModel(join(folder, 'graph'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

const open = (rest: string, weights: 'published' | 'none' = 'published') =>
  tfjsScheme.resolve(rest).open(runtime, { weights });
const features = (backbone: Backbone, image: tf.Tensor) => runStages(backbone.stages, { image });
const picture = (batch = 2) => tf.tensor(values(batch * 16 * 16 * 3, 4), [batch, 16, 16, 3]);

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(actual[i]).toBeCloseTo(expected[i]!, 4);
}

describe('a LayersModel as a source', () => {
  it('gives the features that the model computes before its classifier', async () => {
    const original = residualLayersModel();
    const headless = tf.model({ inputs: original.inputs, outputs: original.getLayer('pool').output });
    const backbone = await open(join(folder, 'layers'));
    tf.tidy(() => {
      const image = picture();
      expectClose(features(backbone, image)['pooled']!.dataSync(), (headless.predict(image) as tf.Tensor).dataSync());
    });
    expect(backbone.stages.map(({ name }) => name)).toEqual(['dropout', 'conv', 'pool']);
    expect(backbone.features.map(({ name, shape, stride }) => [name, shape, stride])).toEqual([
      ['dropout', [8, 8, 6], 2],
      ['conv', [4, 4, 8], 4],
      ['pool', [8], undefined],
    ]);
    original.dispose();
    backbone.dispose();
  });

  it('names variables as the file does and takes frozen layers for weights all the same', async () => {
    const backbone = await open(join(folder, 'layers', 'model.json'));
    expect(backbone.stages[0]!.variables.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'stem_conv/kernel weight',
      'stem_norm/beta weight',
      'stem_norm/moving_mean statistic',
      'stem_norm/moving_variance statistic',
      'filter/depthwise_kernel weight',
      'filter/bias weight',
      'norm/gamma weight',
      'norm/beta weight',
      'norm/moving_mean statistic',
      'norm/moving_variance statistic',
    ]);
    backbone.dispose();
  });

  it('keeps what every source must keep', async () => {
    const source = tfjsScheme.resolve(join(folder, 'layers'));
    await checkBackbone(source, { open: (options) => source.open(runtime, options), weights: 'published' });
  });

  it('moves the averages of a batch norm that trains, by one minus its momentum', async () => {
    const backbone = await open(join(folder, 'layers'));
    const stage = backbone.stages[0]!;
    const value = (name: string) => stage.variables.find((variable) => variable.name === name)!.value;
    tf.tidy(() => {
      const before = [value('stem_norm/moving_mean').dataSync(), value('stem_norm/moving_variance').dataSync()];
      const image = picture();
      const map = tf.conv2d(
        tf.pad(image as tf.Tensor4D, [
          [0, 0],
          [0, 1],
          [0, 1],
          [0, 0],
        ]),
        value('stem_conv/kernel') as unknown as tf.Tensor4D,
        2,
        'valid',
      );
      const { mean, variance } = tf.moments(map, [0, 1, 2]);
      stage.forward({ image }, { training: true });
      const count = 2 * 8 * 8;
      expectClose(
        value('stem_norm/moving_mean').dataSync(),
        mean.dataSync().map((m, i) => 0.9 * before[0]![i]! + 0.1 * m),
      );
      expectClose(
        value('stem_norm/moving_variance').dataSync(),
        variance.dataSync().map((v, i) => 0.9 * before[1]![i]! + (0.1 * v * count) / (count - 1)),
      );
    });
    backbone.dispose();
  });

  it('takes the layer that is named, and pools it where it is a map', async () => {
    const backbone = await open(`${join(folder, 'layers')}#layer=add`);
    expect(backbone.stages.map(({ name }) => name)).toEqual(['add', 'pool']);
    tf.tidy(() => {
      const { map } = backbone.stages[0]!.forward({ image: picture() }, { training: false });
      expectClose(
        backbone.stages[1]!.forward({ map: map! }, { training: false })['pooled']!.dataSync(),
        tf.mean(map!, [1, 2]).dataSync(),
      );
    });
    backbone.dispose();
  });

  it('loads through artifacts, too', async () => {
    const backbone = await open(pathToFileURL(join(folder, 'layers')).href);
    expect(backbone.features.at(-1)!.shape).toEqual([8]);
    backbone.dispose();
  });
});

describe('a GraphModel as a source', () => {
  it('computes what the graph says, its weights decoded', async () => {
    const backbone = await open(join(folder, 'graph'));
    tf.tidy(() => {
      const image = picture();
      const weight = <R extends tf.Rank>(name: keyof typeof GRAPH_WEIGHTS) =>
        tf.tensor<R>([...GRAPH_WEIGHTS[name][1]], [...GRAPH_WEIGHTS[name][0]] as never);
      const conv = tf.conv2d(tf.mul<tf.Tensor4D>(image, 2), weight<tf.Rank.R4>('kernel'), 2, 'same');
      const norm = tf.mul(
        tf.div(tf.sub(conv, weight('mean')), tf.sqrt(tf.add(weight('variance'), 0.001))),
        weight('gamma'),
      );
      const relu = tf.relu6(tf.add<tf.Tensor4D>(norm, weight('beta')));
      const filtered = tf.add(tf.depthwiseConv2d(relu, weight<tf.Rank.R4>('filter'), 1, 'same'), weight('filterBias'));
      expectClose(features(backbone, image)['pooled']!.dataSync(), tf.mean(tf.add(relu, filtered), [1, 2]).dataSync());
    });
    backbone.dispose();
  });

  it('has stages where one tensor crosses, and weights but for what scales the picture', async () => {
    const backbone = await open(join(folder, 'graph'));
    expect(
      backbone.stages.map(({ name, variables }) => [
        name,
        variables.map((variable) => `${variable.name} ${variable.role} ${variable.decay}`),
      ]),
    ).toEqual([
      [
        'add',
        [
          'kernel weight true',
          'gamma weight false',
          'beta weight false',
          'mean statistic false',
          'variance statistic false',
          'filter weight true',
          'filterBias weight false',
        ],
      ],
      ['mean', []],
    ]);
    backbone.dispose();
  });

  it('keeps what every source must keep, and trains', async () => {
    const source = tfjsScheme.resolve(join(folder, 'graph'));
    await checkBackbone(source, { open: (options) => source.open(runtime, options), weights: 'published' });
  });

  it('opens a fixed batch', async () => {
    await saveGraphModel(join(folder, 'one'), '1');
    const backbone = await open(join(folder, 'one'));
    expect(tf.tidy(() => features(backbone, picture(3))['pooled']!.shape)).toEqual([3, 4]);
    backbone.dispose();
  });
});

describe('maps of several strides', () => {
  const detector = async (name: string, ...names: string[]) =>
    open(`${join(folder, name)}#features=${names.join(',')}`);

  it.each([
    [
      'layers',
      ['conv', 'add'],
      [
        ['add', [8, 8, 6], 2],
        ['conv', [4, 4, 8], 4],
      ],
      ['dropout', 'conv'],
    ],
    [
      'graph',
      ['net/relu', 'net/add'],
      [
        ['net/relu', [8, 8, 4], 2],
        ['net/add', [8, 8, 4], 2],
      ],
      ['add'],
    ],
  ])('are given at once by the last stage: a model of %s', async (kind, names, features, stages) => {
    const backbone = await detector(kind, ...names);
    expect(backbone.stages.map(({ name }) => name)).toEqual(stages);
    expect(backbone.features.map(({ name, shape, stride }) => [name, shape, stride])).toEqual(features);
    const source = tfjsScheme.resolve(`${join(folder, kind)}#features=${names.join(',')}`);
    tf.tidy(() => {
      const image = picture();
      const maps = runStages(backbone.stages, { image });
      expect(Object.keys(maps).sort()).toEqual([...names].sort());
    });
    backbone.dispose();
    await checkBackbone(source, { open: (options) => source.open(runtime, options), weights: 'published' });
  });

  it('equal what each is by itself', async () => {
    const both = await detector('layers', 'add', 'conv');
    const one = await open(`${join(folder, 'layers')}#layer=conv`);
    tf.tidy(() => {
      const image = picture();
      const maps = runStages(both.stages, { image });
      const { map } = runStages(one.stages.slice(0, -1), { image });
      expectClose(maps['conv']!.dataSync(), map!.dataSync());
    });
    both.dispose();
    one.dispose();
  });

  it.each([
    ['graph', ['net/relu', 'net/mean'], 'not-supported', /"net\/mean".*\[2, 4\].*four axes/],
    ['graph', ['net/relu', 'net/realu'], 'invalid-option', /"net\/realu"/],
  ])('must be maps: %s, %j', async (kind, names, code, message) => {
    await expect(detector(kind, ...names)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  it('must not lie behind a batch of one', async () => {
    await saveGraphModel(join(folder, 'folded'));
    const file = join(folder, 'folded', 'model.json');
    const json = JSON.parse(await readFile(file, 'utf8')) as {
      modelTopology: { node: { name: string; input?: string[] }[] };
    };
    // Two pictures become one of twice the height.
    const at = json.modelTopology.node.findIndex(({ name }) => name === 'net/conv');
    json.modelTopology.node.splice(at, 0, {
      name: 'net/fold',
      op: 'Reshape',
      input: ['net/scaled', 'single'],
      attr: { T: { type: 'DT_FLOAT' }, Tshape: { type: 'DT_INT32' } },
    } as never);
    json.modelTopology.node[at + 1]!.input![0] = 'net/fold';
    json.modelTopology.node.splice(1, 0, {
      name: 'single',
      op: 'Const',
      attr: {
        dtype: { type: 'DT_INT32' },
        value: { tensor: { dtype: 'DT_INT32', tensorShape: { dim: [{ size: '4' }] } } },
      },
    } as never);
    const manifest = (json as unknown as { weightsManifest: { paths: string[]; weights: object[] }[] }).weightsManifest;
    manifest.push({ paths: ['single.bin'], weights: [{ name: 'single', shape: [4], dtype: 'int32' }] });
    await writeFile(join(folder, 'folded', 'single.bin'), Buffer.from(Int32Array.of(1, 32, 16, 3).buffer));
    await writeFile(file, JSON.stringify(json));
    await expect(detector('folded', 'net/relu', 'net/add')).rejects.toMatchObject({
      code: 'not-supported',
      message: expect.stringMatching(/"net\/relu".*from "net\/fold" on/) as string,
    });
  });
});

describe('on wasm', () => {
  beforeAll(async () => void (await tf.setBackend('wasm')));
  afterAll(async () => void (await tf.setBackend('cpu')));

  it.each(['layers', 'graph'])('a model of %s runs forward', async (kind) => {
    const source = tfjsScheme.resolve(join(folder, kind));
    await checkBackbone(source, {
      open: (options) => source.open(runtime, options),
      weights: 'published',
      trains: false,
    });
  });
});

describe('preprocessing', () => {
  it('comes from the options', async () => {
    const backbone = await open(`${join(folder, 'graph')}#mean=127,deviation=128`);
    expect(backbone.input.preprocessing).toMatchObject({
      height: 16,
      width: 16,
      channels: 3,
      mean: [127, 127, 127],
      deviation: [128, 128, 128],
      layout: 'NHWC',
    } satisfies Partial<ImagePreprocessing>);
    backbone.dispose();
  });

  it('asks for the size that a model leaves open', async () => {
    await saveGraphModel(join(folder, 'open'), '-1', ['-1', '-1', '3']);
    await expect(open(join(folder, 'open'))).rejects.toMatchObject({
      code: 'invalid-option',
      hint: expect.stringContaining('size=') as string,
    });
    const backbone = await open(`${join(folder, 'open')}#size=24x32`);
    expect(backbone.input.tensors['image']!.shape).toEqual([24, 32, 3]);
    expect(backbone.features[0]!.shape).toEqual([12, 16, 4]);
    backbone.dispose();
  });
});

describe('what cannot be opened', () => {
  const edit = async (name: string, change: (json: string) => string) => {
    await saveGraphModel(join(folder, name));
    const file = join(folder, name, 'model.json');
    await writeFile(file, change(await readFile(file, 'utf8')));
    return join(folder, name);
  };

  it.each([
    ['no such file', async () => join(folder, 'nowhere', 'model.json'), 'artifact-not-found', /nowhere/],
    ['not JSON', async () => edit('text', () => 'hello'), 'model-invalid', /not JSON/],
    ['another JSON', async () => edit('other', () => '{"a":1}'), 'model-invalid', /not a TensorFlow.js model/],
    [
      'a missing shard',
      async () => edit('shard', (json) => json.replace('"paths":["group1', '"paths":["group2')),
      'artifact-not-found',
      /group2-shard1of1.bin/,
    ],
    [
      'a shard outside',
      async () => edit('outside', (json) => json.replace('"paths":["group1', '"paths":["../graph/group1')),
      'model-invalid',
      /outside its folder/,
    ],
    [
      'a truncated shard',
      async () => {
        const path = await edit('short', (json) => json);
        await writeFile(join(path, 'group1-shard1of1.bin'), Buffer.alloc(100));
        return path;
      },
      'model-invalid',
      /shards hold 100/,
    ],
    [
      'a weight given twice',
      async () =>
        edit('twice', (json) => {
          const { weightsManifest, ...others } = JSON.parse(json) as { weightsManifest: { weights: object[] }[] };
          const [{ weights, ...group }] = weightsManifest as [{ weights: object[] }];
          return JSON.stringify({ ...others, weightsManifest: [{ ...group, weights: [...weights, weights[0]] }] });
        }),
      'model-invalid',
      /holds the weight ".*" twice/,
    ],
    [
      'an operation that nobody knows',
      async () => edit('op', (json) => json.replace('"op":"Relu6"', '"op":"Frobnicate"')),
      'not-supported',
      /Frobnicate/,
    ],
    ['a layer that is not there', async () => `${join(folder, 'layers')}#layer=ad`, 'invalid-option', /no layer "ad"/],
    ['another size than the model takes', async () => `${join(folder, 'layers')}#size=32`, 'invalid-option', /16 x 16/],
    [
      'channels first',
      async () => {
        await saveGraphModel(join(folder, 'first'), '-1', ['3', '16', '16']);
        return join(folder, 'first');
      },
      'not-supported',
      /3, 16, 16/,
    ],
  ])('%s is named', async (_, make, code, message) => {
    const rest = await make();
    await expect(open(rest)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  it('a model without a point that one tensor crosses before its output', async () => {
    const input = tf.input({ shape: [8, 8, 3] });
    const model = tf.model({
      inputs: input,
      outputs: tf.layers.conv2d({ filters: 4, kernelSize: 8, activation: 'softmax' }).apply(input) as tf.SymbolicTensor,
    });
    await saveLayersModel(model, join(folder, 'bare'));
    model.dispose();
    await expect(open(join(folder, 'bare'))).rejects.toMatchObject({
      code: 'not-supported',
      hint: expect.stringContaining('#layer=') as string,
    });
  });
});
