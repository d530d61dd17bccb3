import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';

/** Numbers with three binary digits behind the point in -1 to 0.875: exact in half precision. */
export function values(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => (((i * 7 + seed * 5) * 11) % 16) / 8 - 1);
}

/** Writes a LayersModel as `model.save('file://…')` does, its weights in two shards. */
export async function saveLayersModel(model: tf.LayersModel, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await model.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const bytes = Buffer.from(weightData as ArrayBuffer);
      const half = Math.floor(bytes.length / 2);
      await writeFile(join(folder, 'a.bin'), bytes.subarray(0, half));
      await writeFile(join(folder, 'b.bin'), bytes.subarray(half));
      const weightsManifest = [{ paths: ['a.bin', 'b.bin'], weights: weightSpecs }];
      await writeFile(
        join(folder, 'model.json'),
        JSON.stringify({ format: 'layers-model', modelTopology, weightsManifest }),
      );
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } };
    }),
  );
}

/** A residual network with a model inside it: padding, batch norm without gamma, dropout, pooling, classifier. */
export function residualLayersModel(): tf.LayersModel {
  const picture = tf.input({ shape: [16, 16, 3], name: 'picture' });
  const apply = (layer: tf.layers.Layer, ...inputs: tf.SymbolicTensor[]) =>
    layer.apply(inputs.length === 1 ? inputs[0]! : inputs) as tf.SymbolicTensor;
  const stem = tf.sequential({
    name: 'stem',
    layers: [
      tf.layers.zeroPadding2d({
        padding: [
          [0, 1],
          [0, 1],
        ],
        inputShape: [16, 16, 3],
        name: 'pad',
      }),
      tf.layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, useBias: false, name: 'stem_conv' }),
      tf.layers.batchNormalization({ name: 'stem_norm', scale: false, momentum: 0.9 }),
      tf.layers.reLU({ name: 'relu' }),
    ],
  });
  let x = apply(stem, picture);
  const wide = apply(
    tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', name: 'filter', trainable: false }),
    x,
  );
  x = apply(tf.layers.add({ name: 'add' }), x, apply(tf.layers.batchNormalization({ name: 'norm' }), wide));
  x = apply(tf.layers.dropout({ rate: 0.5, name: 'dropout' }), x);
  x = apply(
    tf.layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu', name: 'conv' }),
    x,
  );
  x = apply(tf.layers.globalAveragePooling2d({ name: 'pool' }), x);
  const model = tf.model({
    inputs: picture,
    outputs: apply(tf.layers.dense({ units: 5, activation: 'softmax', name: 'classifier' }), x),
  });
  // Other values than the initial ones, so that a mistaken variable shows.
  tf.tidy(() =>
    model.setWeights(
      model.weights.map(({ name, shape }, i) => {
        const numbers = values(tf.util.sizeFromShape(shape as number[]), i);
        return tf.tensor(name.includes('variance') ? numbers.map((v) => v + 1.5) : numbers, shape as number[]);
      }),
    ),
  );
  return model;
}

/** Float16 bits of a number with few binary digits, in normal range. */
function half(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  return ((value < 0 ? 1 : 0) << 15) | ((exponent + 15) << 10) | ((Math.abs(value) / 2 ** exponent - 1) * 1024);
}

const attr = {
  float: { T: { type: 'DT_FLOAT' } },
  conv: {
    data_format: { s: 'TkhXQw==' },
    padding: { s: 'U0FNRQ==' },
    strides: { list: { i: ['1', '2', '2', '1'] } },
    dilations: { list: { i: ['1', '1', '1', '1'] } },
  },
};

/** Weights of the graph below: `[shape, values]`. */
export const GRAPH_WEIGHTS = {
  scale: [[], [2]],
  kernel: [[3, 3, 3, 4], values(108, 1)],
  gamma: [[4], [1, 0.5, 2, 1]],
  beta: [[4], [0.5, 0, -0.5, 1]],
  mean: [[4], [0.25, -0.5, 0, 1]],
  variance: [[4], [1, 2, 0.5, 4]],
  filter: [[3, 3, 4, 1], values(36, 2)],
  filterBias: [[4], [0.5, -0.25, 1, 0]],
  axes: [[2], [1, 2]],
  dense: [[4, 3], values(12, 3)],
  denseBias: [[3], [0, 1, 2]],
} as const satisfies Record<string, readonly [readonly number[], readonly number[]]>;

/**
 * A hand-written frozen graph: picture * 2 → convolution → batch norm → ReLU6 → (depthwise + bias, added back)
 * → mean over positions → dense → softmax. `kernel` is stored in half precision, `filter` in 8 bits.
 */
export async function saveGraphModel(folder: string, batch = '-1', picture = ['16', '16', '3']): Promise<void> {
  await mkdir(folder, { recursive: true });
  const weight = (name: string) => ({
    name,
    op: 'Const',
    attr: {
      dtype: { type: name === 'axes' ? 'DT_INT32' : 'DT_FLOAT' },
      value: {
        tensor: {
          dtype: name === 'axes' ? 'DT_INT32' : 'DT_FLOAT',
          tensorShape: {
            dim: GRAPH_WEIGHTS[name as keyof typeof GRAPH_WEIGHTS][0].map((size) => ({ size: String(size) })),
          },
        },
      },
    },
  });
  const dim = [batch, ...picture].map((size) => ({ size }));
  const one = { list: { i: ['1', '1', '1', '1'] } };
  const node = [
    { name: 'picture', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } } },
    ...Object.keys(GRAPH_WEIGHTS).map(weight),
    { name: 'net/scaled', op: 'Mul', input: ['picture', 'scale'], attr: attr.float },
    { name: 'net/conv', op: 'Conv2D', input: ['net/scaled', 'kernel'], attr: { ...attr.float, ...attr.conv } },
    {
      name: 'net/norm',
      op: 'FusedBatchNormV3',
      input: ['net/conv', 'gamma', 'beta', 'mean', 'variance'],
      attr: { ...attr.float, epsilon: { f: 0.001 }, is_training: { b: false }, data_format: { s: 'TkhXQw==' } },
    },
    { name: 'net/relu', op: 'Relu6', input: ['net/norm'], attr: attr.float },
    {
      name: 'net/filter',
      op: 'DepthwiseConv2dNative',
      input: ['net/relu', 'filter'],
      attr: { ...attr.float, ...attr.conv, strides: one },
    },
    {
      name: 'net/bias',
      op: 'BiasAdd',
      input: ['net/filter', 'filterBias'],
      attr: { ...attr.float, data_format: { s: 'TkhXQw==' } },
    },
    { name: 'net/add', op: 'AddV2', input: ['net/relu', 'net/bias'], attr: attr.float },
    {
      name: 'net/mean',
      op: 'Mean',
      input: ['net/add', 'axes'],
      attr: { ...attr.float, keep_dims: { b: false }, Tidx: { type: 'DT_INT32' } },
    },
    {
      name: 'net/dense',
      op: 'MatMul',
      input: ['net/mean', 'dense'],
      attr: { ...attr.float, transpose_a: { b: false }, transpose_b: { b: false } },
    },
    {
      name: 'net/logits',
      op: 'BiasAdd',
      input: ['net/dense', 'denseBias'],
      attr: { ...attr.float, data_format: { s: 'TkhXQw==' } },
    },
    { name: 'net/softmax', op: 'Softmax', input: ['net/logits'], attr: attr.float },
  ];
  const specs = Object.entries(GRAPH_WEIGHTS).map(([name, [shape]]) => ({
    name,
    shape,
    dtype: name === 'axes' ? 'int32' : 'float32',
    ...(name === 'kernel'
      ? { quantization: { dtype: 'float16' } }
      : name === 'filter'
        ? { quantization: { dtype: 'uint8', min: -1, scale: 0.125 } }
        : {}),
  }));
  const bytes = Object.entries(GRAPH_WEIGHTS).map(([name, [, numbers]]) => {
    if (name === 'kernel') return Buffer.from(Uint16Array.from(numbers, half).buffer);
    if (name === 'filter') return Buffer.from(Uint8Array.from(numbers, (v) => (v + 1) * 8));
    return Buffer.from(name === 'axes' ? Int32Array.from(numbers).buffer : Float32Array.from(numbers).buffer);
  });
  await writeFile(join(folder, 'group1-shard1of1.bin'), Buffer.concat(bytes));
  const model = {
    format: 'graph-model',
    modelTopology: { node, versions: { producer: 1 } },
    weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights: specs }],
  };
  await writeFile(join(folder, 'model.json'), JSON.stringify(model));
}
