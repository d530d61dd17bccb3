import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Tensors, TensorSpecs } from '../network/tensors.ts';
import { exportGraphModel } from './export-graph-model.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-export-'));
  await tf.setBackend('cpu');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface ModelFile {
  modelTopology: { node: { name: string; op: string; input: string[] }[] };
  weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
  userDefinedMetadata: Record<string, unknown>;
  signature: Record<string, unknown>;
}

async function readModel(directory: string): Promise<ModelFile> {
  return JSON.parse(await readFile(join(directory, 'model.json'), 'utf8')) as ModelFile;
}

async function load(directory: string) {
  const json = await readModel(directory);
  const shards = await Promise.all(json.weightsManifest[0]!.paths.map((path) => readFile(join(directory, path))));
  const data = Buffer.concat(shards);
  return loadGraphModel({
    load: async () => ({
      modelTopology: json.modelTopology,
      signature: json.signature,
      userDefinedMetadata: json.userDefinedMetadata,
      weightSpecs: json.weightsManifest[0]!.weights,
      weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
    }),
  } as tf.io.IOHandler);
}

/** Exports on plain JS, runs the file on each backend at batch 1 and 5, and compares with the function itself. */
async function expectSame(
  forward: (inputs: Tensors) => Tensors,
  inputs: TensorSpecs,
  { tolerance = 1e-5, backends = ['cpu', 'wasm'] }: { tolerance?: number; backends?: string[] } = {},
): Promise<string> {
  const directory = join(folder, 'model');
  const before = tf.memory().numTensors;
  await exportGraphModel({ forward, inputs }, directory);
  expect(tf.memory().numTensors).toBe(before);
  for (const size of [1, 5]) {
    const values = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, dtype }]) => {
        const count = shape.reduce((a, b) => a * b, size);
        const data = Array.from({ length: count }, (_, i) => (dtype === 'int32' ? i % 3 : Math.sin(i * 12.9898) * 1.5));
        return [name, { shape: [size, ...shape] as tf.ShapeMap[tf.Rank], dtype, data }] as const;
      }),
    );
    const feed = () =>
      Object.fromEntries(
        Object.entries(values).map(([name, { data, shape, dtype }]) => [name, tf.tensor(data, shape, dtype)]),
      );
    await tf.setBackend('cpu');
    const expected = Object.entries(tf.tidy(() => forward(feed()) as tf.NamedTensorMap));
    for (const backend of backends) {
      await tf.setBackend(backend);
      const model = await load(directory);
      const names = expected.map(([name]) => name);
      const actual = model.execute(feed(), names);
      const list = Array.isArray(actual) ? actual : [actual];
      for (const [i, [name, want]] of expected.entries()) {
        expect(list[i]!.shape, `${name} on ${backend}`).toEqual(want.shape);
        const got = await list[i]!.data();
        const wanted: ArrayLike<number> = await want.data();
        const worst = Array.from(wanted).reduce((most, value, k) => Math.max(most, Math.abs(value - got[k]!)), 0);
        expect(worst, `${name} on ${backend} at batch ${size}`).toBeLessThanOrEqual(tolerance);
      }
      model.dispose();
    }
    await tf.setBackend('cpu');
  }
  return directory;
}

const image: TensorSpecs = { image: { shape: [12, 10, 3], dtype: 'float32' } };
const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 0.5, 'float32', seed);

describe('exportGraphModel', () => {
  it('exports a convolutional classifier with batch norm in inference mode, for any batch size', async () => {
    const filter = tf.variable(random([3, 3, 3, 8], 1), true, 'conv.weight');
    const depthwise = random([3, 3, 8, 1], 2) as tf.Tensor4D;
    const mean = random([8], 3) as tf.Tensor1D;
    const variance = tf.abs(random([8], 4)) as tf.Tensor1D;
    const scale = random([8], 5) as tf.Tensor1D;
    const bias = random([8], 6) as tf.Tensor1D;
    const dense = random([8, 4], 7) as tf.Tensor2D;
    const denseBias = random([4], 8) as tf.Tensor1D;
    const forward = ({ image: x }: Tensors) => {
      const normalised = tf.div(tf.sub(x!, 0.2), tf.scalar(1.7));
      const convolved = tf.conv2d(normalised as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same');
      const activated = tf.relu6(tf.batchNorm(convolved, mean, variance, bias, scale, 1e-3));
      const separable = tf.depthwiseConv2d(
        tf.pad(activated, [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ]),
        depthwise,
        1,
        'valid',
      );
      const features = tf.mean(tf.maxPool(tf.leakyRelu(separable, 0.1), 2, 2, 'same'), [1, 2]);
      const logits = tf.add(tf.matMul(features as tf.Tensor2D, dense), denseBias);
      return { features, logits, probabilities: tf.softmax(logits) };
    };
    const directory = await expectSame(forward, image);
    const ops = (await readModel(directory)).modelTopology.node.map(({ op }) => op);
    expect(ops.filter((op) => op === 'Conv2D')).toHaveLength(1);
    expect(ops).not.toContain('Fill');
  });

  it('exports fused kernels, with and without bias', async () => {
    const filter = random([3, 3, 3, 4], 1) as tf.Tensor4D;
    const depthwise = random([3, 3, 4, 2], 2) as tf.Tensor4D;
    const bias = random([4], 3);
    const weights = random([8, 5], 4) as tf.Tensor2D;
    const forward = ({ image: x }: Tensors) => {
      const a = tf.fused.conv2d({
        x: x as tf.Tensor4D,
        filter,
        strides: 1,
        pad: 1,
        dimRoundingMode: 'floor',
        bias,
        activation: 'relu6',
      });
      const b = tf.fused.depthwiseConv2d({ x: a, filter: depthwise, strides: 2, pad: 'same', activation: 'relu' });
      const c = tf.mean<tf.Tensor2D>(b, [1, 2]);
      const d = tf.fused.matMul({ a: c, b: weights, bias: random([5], 5), activation: 'elu' });
      return { d, e: tf.fused.matMul({ a: c, b: weights, activation: 'leakyrelu', leakyreluAlpha: 0.3 }) };
    };
    await expectSame(forward, image);
  });

  it('keeps the batch axis open in reshapes, slices, transposes and gathers', async () => {
    const forward = ({ image: x }: Tensors) => {
      const flat = tf.reshape(x!, [-1, 360]);
      const rows = tf.reshape(x!, [x!.shape[0] * 12, 30]);
      const [left, right] = tf.split(x!, [4, 6], 2);
      return {
        flat: tf.slice(flat, [0, 5], [-1, 7]),
        inferred: tf.reshape(x!, [x!.shape[0], -1]),
        folded: tf.reshape(x!, [x!.shape[0] * 12, 10, -1]),
        sized: tf.slice(flat, [0, 5], [x!.shape[0], 7]),
        strided: tf.stridedSlice(flat, [0, 0], [x!.shape[0], 300], [1, 7]),
        rows: tf.reshape(tf.tanh(rows), [-1, 12, 30]),
        joined: tf.concat([right!, left!], 2),
        turned: tf.reverse(tf.transpose(x!, [0, 2, 1, 3]), 1),
        gathered: tf.gather(x!, tf.tensor1d([2, 0], 'int32'), 3),
        sum: tf.sum(x!, [1, -1], true),
        highest: tf.max(x!, 3),
        stacked: tf.stack(tf.unstack(x!, 3).reverse(), 1),
      };
    };
    await expectSame(forward, image);
  });

  it('exports elementwise functions, resizing and pools', async () => {
    const forward = ({ image: x }: Tensors) => {
      const positive = tf.add(tf.square(x!), 0.5);
      return {
        mixed: tf.maximum(tf.sqrt(positive), tf.minimum(tf.exp(x!), tf.rsqrt(positive))),
        clipped: tf.sigmoid(tf.clipByValue(x!, -0.5, 0.75)),
        chosen: tf.where(tf.greater(x!, 0), tf.log(positive), tf.neg(x!)),
        large: tf.image.resizeBilinear(x as tf.Tensor4D, [20, 17], false, true),
        average: tf.avgPool(x as tf.Tensor4D, [3, 2], [2, 2], 'valid'),
        padded: tf.maxPool(x as tf.Tensor4D, 3, 2, 1, 'floor'),
        power: tf.pow(positive, tf.scalar(1.5)),
      };
    };
    await expectSame(forward, image);
  });

  it('exports an Einstein sum (which the wasm backend does not have)', async () => {
    await expectSame(({ image: x }) => ({ y: tf.einsum('bhwc,bhwd->bcd', x!, x!) }), image, {
      tolerance: 1e-4,
      backends: ['cpu'],
    });
  });

  it('exports several inputs and integers', async () => {
    const table = random([5, 4], 1);
    const inputs: TensorSpecs = { ids: { shape: [6], dtype: 'int32' }, mask: { shape: [6], dtype: 'int32' } };
    const forward = ({ ids, mask }: Tensors) => {
      const weights = tf.expandDims(tf.cast(mask!, 'float32'), -1);
      return {
        pooled: tf.div(tf.sum(tf.mul(tf.gather(table, ids!), weights), 1), tf.maximum(tf.sum(weights, 1), 1e-9)),
      };
    };
    await expectSame(forward, inputs);
  });

  it('computes at export what depends on weights alone, and stores only weights that the outputs need', async () => {
    const variance = tf.variable(tf.tensor1d([4, 16, 64]), false, 'variance');
    const unused = tf.variable(tf.ones([50]), false, 'unused');
    const directory = join(folder, 'model');
    await exportGraphModel(
      {
        forward: ({ image: x }) => {
          tf.add(tf.sum(x!), unused);
          return { y: tf.mul(tf.sub(x!, variance), tf.rsqrt(variance)) };
        },
        inputs: image,
        variables: [{ name: 'block/bn.variance', value: variance, role: 'statistic', decay: false }],
        metadata: { labels: ['a', 'b'] },
      },
      directory,
    );
    // A web server that runs as somebody else can read it, as far as the mask allows.
    expect((await stat(directory)).mode & 0o777).toBe(0o777 & ~process.umask());
    const model = await readModel(directory);
    expect(model.modelTopology.node.map(({ op }) => op)).toEqual([
      'Placeholder',
      'Const',
      'Sub',
      'Const',
      'Mul',
      'Identity',
    ]);
    expect(model.weightsManifest[0]!.weights).toEqual([
      { name: 'block/bn.variance', shape: [3], dtype: 'float32' },
      { name: 'weight', shape: [3], dtype: 'float32' },
    ]);
    const data = await readFile(join(directory, 'group1-shard1of1.bin'));
    expect([...new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + 24))]).toEqual([
      4, 16, 64, 0.5, 0.25, 0.125,
    ]);
    expect(model.userDefinedMetadata).toEqual({ labels: ['a', 'b'] });
    expect(model.signature).toEqual({
      inputs: {
        image: {
          name: 'image:0',
          dtype: 'DT_FLOAT',
          tensorShape: { dim: [{ size: '-1' }, { size: '12' }, { size: '10' }, { size: '3' }] },
        },
      },
      outputs: {
        y: {
          name: 'y:0',
          dtype: 'DT_FLOAT',
          tensorShape: { dim: [{ size: '-1' }, { size: '12' }, { size: '10' }, { size: '3' }] },
        },
      },
    });
    tf.dispose([variance, unused]);
  });

  it('cuts weights into shards of 4 MiB', async () => {
    const wide = random([30, 90_000], 1) as tf.Tensor2D;
    const directory = join(folder, 'model');
    const files = await exportGraphModel(
      {
        forward: ({ x }) => ({ y: tf.sum(tf.matMul(x as tf.Tensor2D, wide), 1) }),
        inputs: { x: { shape: [30], dtype: 'float32' } },
      },
      directory,
    );
    expect(files.map((file) => file.slice(dirname(file).length + 1))).toEqual([
      'model.json',
      'group1-shard1of3.bin',
      'group1-shard2of3.bin',
      'group1-shard3of3.bin',
    ]);
    const model = await load(directory);
    const x = tf.ones([2, 30]);
    const [want, got] = await Promise.all([
      tf.sum(tf.matMul(x as tf.Tensor2D, wide), 1).data(),
      (model.execute({ x }) as tf.Tensor).data(),
    ]);
    expect([...got]).toEqual([...want]);
    wide.dispose();
  });

  it.each<[string, (inputs: Tensors) => Tensors, RegExp]>([
    [
      'a kernel that graphs do not have',
      ({ image: x }) => ({ y: tf.image.flipLeftRight(x as tf.Tensor4D) }),
      /FlipLeftRight/,
    ],
    ['random numbers', ({ image: x }) => ({ y: tf.add(x!, tf.randomUniform([3])) }), /on chance/],
    ['a constant of the batch size', ({ image: x }) => ({ y: tf.mul(x!, tf.scalar(x!.shape[0])) }), /batch size/],
    [
      'a size that follows the batch',
      ({ image: x }) => ({ y: tf.tile(tf.sum(x!, [1, 2]), [1, x!.shape[0]]) }),
      /reps depends on the batch size/,
    ],
    ['a loop over the batch', ({ image: x }) => ({ y: tf.addN(tf.unstack(x!)) }), /another batch size/],
    ['an output without input', () => ({ y: tf.ones([3]) }), /does not depend on its input/],
  ])('refuses %s and leaves nothing behind', async (_, forward, message) => {
    const before = tf.memory().numTensors;
    await expect(exportGraphModel({ forward, inputs: image }, join(folder, 'model'))).rejects.toMatchObject({
      code: 'not-supported',
      message: expect.stringMatching(message) as string,
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(await readdir(folder)).toEqual([]);
    // The engine is as it was: kernels run untraced.
    expect(Object.hasOwn(tf.engine(), 'runKernel')).toBe(false);
  });

  it('does not overwrite what is in the folder', async () => {
    const directory = join(folder, 'model');
    await mkdir(directory);
    await writeFile(join(directory, 'mine.txt'), 'keep');
    await expect(
      exportGraphModel({ forward: ({ image: x }) => ({ y: tf.relu(x!) }), inputs: image }, directory),
    ).rejects.toMatchObject({
      code: 'invalid-option',
    });
    expect(await readdir(directory)).toEqual(['mine.txt']);
    expect(await readdir(folder)).toEqual(['model']);
  });
});
