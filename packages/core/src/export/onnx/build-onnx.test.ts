import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tensors, TensorSpecs } from '../../network/tensors.ts';
import { tracedTwice } from '../forward-pass.ts';
import { buildOnnx } from './build-onnx.ts';
import { encodeOnnx } from './encode-onnx.ts';
import type { OnnxGraph } from './onnx-graph.ts';

beforeAll(() => tf.setBackend('cpu'));

type Forward = (inputs: Tensors) => Tensors;

const image: TensorSpecs = { image: { shape: [12, 10, 3], dtype: 'float32' } };
const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 0.5, 'float32', seed);

function graphOf(forward: Forward, inputs: TensorSpecs): Promise<OnnxGraph> {
  return tracedTwice({ forward, inputs }, (traces, options) => buildOnnx(traces, inputs, options));
}

/** Runs the graph in onnxruntime at batch 1 and 5, and compares with the function itself in plain JavaScript. */
async function expectSame(forward: Forward, inputs: TensorSpecs = image, tolerance = 1e-5): Promise<OnnxGraph> {
  const before = tf.memory().numTensors;
  const graph = await graphOf(forward, inputs);
  expect(tf.memory().numTensors).toBe(before);
  const session = await InferenceSession.create(encodeOnnx(graph, ''));
  for (const size of [1, 5]) {
    const values = Object.entries(inputs).map(([name, { shape, dtype }]) => {
      const count = shape.reduce((a, b) => a * b, size);
      const data = Array.from({ length: count }, (_, i) => (dtype === 'int32' ? i % 3 : Math.sin(i * 12.9898) * 1.5));
      return { name, dtype, data, shape: [size, ...shape] as tf.ShapeMap[tf.Rank] };
    });
    const expected = tf.tidy(
      () =>
        forward(
          Object.fromEntries(values.map(({ name, data, shape, dtype }) => [name, tf.tensor(data, shape, dtype)])),
        ) as tf.NamedTensorMap,
    );
    const feeds = values.map(({ name, dtype, data, shape }) => {
      const given =
        dtype === 'int32'
          ? new OrtTensor('int64', BigInt64Array.from(data, BigInt), shape)
          : new OrtTensor('float32', Float32Array.from(data), shape);
      return [name, given] as const;
    });
    const actual = await session.run(Object.fromEntries(feeds));
    for (const [name, want] of Object.entries(expected)) {
      const got = actual[name]!;
      expect([...got.dims], name).toEqual(want.shape);
      expect(got.type, name).toBe({ float32: 'float32', int32: 'int64', bool: 'bool' }[want.dtype as 'bool']);
      const numbers = Array.from(got.data as ArrayLike<number | bigint>, Number);
      const wanted = Array.from((await want.data()) as ArrayLike<number>, Number);
      const far = wanted.findIndex(
        (value, i) =>
          !Object.is(value, numbers[i]) && !(Math.abs(value - numbers[i]!) <= tolerance * Math.max(1, Math.abs(value))),
      );
      expect([name, far, numbers[far]], `batch ${size}`).toEqual([name, -1, undefined]);
    }
    tf.dispose(expected);
  }
  await session.release();
  return graph;
}

const ops = ({ nodes }: OnnxGraph) => nodes.map(({ op }) => op);

describe('a network as ONNX, in onnxruntime', () => {
  it('keeps images with their channels first between operations, and joins what follows a convolution', async () => {
    const filter = random([3, 3, 3, 8], 1) as tf.Tensor4D;
    const depthwise = random([3, 3, 8, 2], 2) as tf.Tensor4D;
    const bias = random([8], 3);
    const graph = await expectSame(({ image: x }) => {
      const a = tf.relu6(tf.add(tf.conv2d(x as tf.Tensor4D, filter, 2, 'same'), bias));
      const b = tf.depthwiseConv2d(a as tf.Tensor4D, depthwise, [1, 1], 'same', 'NHWC', [2, 2]);
      return { y: tf.mean(tf.mul(b, tf.sigmoid(b)), [1, 2]) };
    });
    expect(ops(graph)).toEqual(['Transpose', 'Conv', 'Clip', 'Conv', 'Sigmoid', 'Mul', 'ReduceMean', 'Identity']);
  });

  it.each<[string, (x: tf.Tensor4D) => Tensors]>([
    [
      'convolutions with every padding, stride, dilation, and groups',
      (x) => {
        const wide = tf.concat<tf.Tensor4D>([x, x, x, x], 3);
        const filter = random([3, 2, 3, 4], 1) as tf.Tensor4D;
        return {
          same: tf.conv2d(x, filter, 1, 'same'),
          strided: tf.conv2d(x, filter, [3, 2], 'same'),
          valid: tf.conv2d(x, filter, 2, 'valid'),
          padded: tf.conv2d(x, random([3, 3, 3, 4], 4) as tf.Tensor4D, 2, 1, 'NHWC', [1, 1], 'floor'),
          uneven: tf.conv2d(
            x,
            filter,
            2,
            [
              [0, 0],
              [2, 0],
              [0, 1],
              [0, 0],
            ],
            'NHWC',
            [1, 1],
            'floor',
          ),
          dilated: tf.conv2d(x, filter, 1, 'same', 'NHWC', [2, 3]),
          twice: tf.conv2d(
            tf.conv2d(wide, random([1, 1, 12, 6], 2) as tf.Tensor4D, 1, 'same'),
            random([1, 1, 6, 2], 3) as tf.Tensor4D,
            1,
            'valid',
          ),
        };
      },
    ],
    [
      'fused convolutions and products with each activation',
      (x) => {
        const filter = random([3, 3, 3, 4], 1) as tf.Tensor4D;
        const bias = random([4], 2);
        const slopes = random([1, 1, 4], 3);
        const conv = (activation: 'linear' | 'relu' | 'relu6' | 'elu' | 'sigmoid' | 'prelu' | 'leakyrelu') =>
          tf.fused.conv2d({
            x,
            filter,
            strides: 1,
            pad: 'same',
            bias,
            activation,
            ...(activation === 'prelu' && { preluActivationWeights: slopes }),
            leakyreluAlpha: 0.3,
          });
        const depthwise = random([3, 3, 3, 2], 4) as tf.Tensor4D;
        const features = tf.mean<tf.Tensor2D>(x, [1, 2]);
        const weights = random([3, 5], 5) as tf.Tensor2D;
        return {
          ...Object.fromEntries(
            (['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'prelu', 'leakyrelu'] as const).map((name) => [
              name,
              conv(name),
            ]),
          ),
          without: tf.fused.conv2d({ x, filter, strides: 2, pad: 'valid', activation: 'relu' }),
          depthwise: tf.fused.depthwiseConv2d({ x, filter: depthwise, strides: 1, pad: 'same', activation: 'relu6' }),
          dense: tf.fused.matMul({ a: features, b: weights, bias: random([5], 6), activation: 'elu' }),
          turned: tf.fused.matMul({ a: features, b: tf.transpose(weights), transposeB: true, activation: 'sigmoid' }),
        };
      },
    ],
    [
      'batch norm, local response, slopes',
      (x) => ({
        norm: tf.batchNorm(
          x,
          random([3], 1) as tf.Tensor1D,
          tf.abs(random([3], 2)) as tf.Tensor1D,
          random([3], 3) as tf.Tensor1D,
          random([3], 4) as tf.Tensor1D,
          1e-3,
        ),
        plain: tf.batchNorm(x, random([3], 1) as tf.Tensor1D, tf.abs(random([3], 2)) as tf.Tensor1D),
        response: tf.localResponseNormalization(x, 1, 1.5, 0.3, 0.6),
        slopes: tf.prelu(tf.maxPool(x, 2, 1, 'same'), random([1, 1, 3], 5)),
      }),
    ],
    [
      'pools, and resizes of each kind',
      (x) => ({
        highest: tf.maxPool(x, [3, 2], [2, 1], 'same'),
        padded: tf.maxPool(x, 3, 2, 1, 'floor'),
        average: tf.avgPool(x, 3, 2, 'same'),
        valid: tf.avgPool(x, [2, 3], [2, 2], 'valid'),
        ...Object.fromEntries(
          (
            [
              [24, 30],
              [17, 7],
            ] as const
          ).flatMap((size, i) => [
            [`linear${i}`, tf.image.resizeBilinear(x, [...size], false, false)],
            [`linearCentres${i}`, tf.image.resizeBilinear(x, [...size], false, true)],
            [`linearCorners${i}`, tf.image.resizeBilinear(x, [...size], true, false)],
            [`nearest${i}`, tf.image.resizeNearestNeighbor(x, [...size], false, false)],
            [`nearestCentres${i}`, tf.image.resizeNearestNeighbor(x, [...size], false, true)],
          ]),
        ),
        blocks: tf.depthToSpace(tf.concat<tf.Tensor4D>([x, x, x, x], 3), 2, 'NHWC'),
      }),
    ],
    [
      'what is done element by element, with channels first and last',
      (x) => {
        const each = (value: tf.Tensor): tf.NamedTensorMap => {
          const positive = tf.add(tf.square(value), 0.5);
          const small = tf.mul(tf.tanh(value), 0.9);
          return {
            sums: tf.addN([value, positive, tf.abs(value)]),
            parts: tf.div(tf.sub(value, 0.25), positive),
            extremes: tf.maximum(tf.sqrt(positive), tf.minimum(tf.exp(value), tf.rsqrt(positive))),
            clipped: tf.sigmoid(tf.clipByValue(value, -0.5, 0.75)),
            chosen: tf.where(tf.greater(value, 0), tf.log(positive), tf.neg(value)),
            power: tf.pow(positive, tf.scalar(1.5)),
            trigonometry: tf.addN([
              tf.sin(value),
              tf.cos(value),
              tf.tan(small),
              tf.asin(small),
              tf.acos(small),
              tf.atan(value),
            ]),
            hyperbolic: tf.addN([
              tf.sinh(value),
              tf.cosh(value),
              tf.asinh(value),
              tf.acosh(tf.add(positive, 1)),
              tf.atanh(small),
            ]),
            bent: tf.addN([
              tf.elu(value),
              tf.selu(value),
              tf.relu(value),
              tf.relu6(value),
              tf.leakyRelu(value, 0.1),
              tf.softplus(value),
            ]),
            more: tf.addN([tf.erf(value), tf.expm1(value), tf.log1p(positive), tf.reciprocal(positive)]),
            rounded: tf.addN([
              tf.floor(value),
              tf.ceil(value),
              tf.round(tf.mul(value, 3)),
              tf.sign(value),
              tf.step(value),
            ]),
            quotients: tf.add(tf.floorDiv(value, tf.scalar(0.4)), tf.mod(value, tf.scalar(-0.7))),
            distances: tf.squaredDifference(value, tf.scalar(2)),
            filled: tf.add(tf.onesLike(value), tf.zerosLike(value)),
            truths: tf.logicalOr(
              tf.logicalAnd(tf.greaterEqual(value, 0.1), tf.logicalNot(tf.less(value, 1))),
              tf.lessEqual(value, -1),
            ),
            different: tf.logicalAnd(tf.notEqual(value, 0), tf.logicalNot(tf.equal(value, 1))),
            whole: tf.cast(tf.mul(value, 10), 'int32'),
            none: tf.logicalOr(tf.isNaN(value), tf.logicalOr(tf.isInf(value), tf.logicalNot(tf.isFinite(value)))),
            perChannel: tf.mul(tf.add(value, tf.tensor1d([1, 2, 3])), tf.tensor3d([0.1, 0.2, 0.3], [1, 1, 3])),
            perColumn: tf.add(value, random([value.shape[2]!, 1], 9)),
            perPlace: tf.add(value, random([value.shape[1]!, value.shape[2]!, 3], 8)),
          };
        };
        const first = each(tf.maxPool(x, 1, 1, 'same'));
        return {
          ...each(x),
          ...Object.fromEntries(Object.entries(first).map(([name, value]) => [`${name}First`, value])),
        };
      },
    ],
    [
      'reductions over any axes, of images with channels first, too',
      (x) => {
        const each = (value: tf.Tensor): tf.NamedTensorMap => ({
          mean: tf.mean(value, [1, 2]),
          kept: tf.mean(value, [1, 2], true),
          channel: tf.sum(value, -1),
          channelKept: tf.sum(value, 3, true),
          rows: tf.max(value, 1),
          least: tf.min(value, [1, -1]),
          product: tf.prod(value, 3),
          place: tf.argMax(value, 3),
          lowest: tf.argMin(value, 1),
          running: tf.cumsum(value, 1, true, true),
          whole: tf.cumsum(value, 3),
          every: tf.all(tf.greater(value, -2), [1, 2]),
          some: tf.any(tf.greater(value, 1.4), [3]),
          both: tf.max(value, [1, 2, 3]),
        });
        const first = each(tf.avgPool(x, 1, 1, 'same'));
        return {
          ...each(x),
          ...Object.fromEntries(Object.entries(first).map(([name, value]) => [`${name}First`, value])),
        };
      },
    ],
    [
      'reshapes, slices, joins and gathers with the batch left open',
      (x) => {
        const flat = tf.reshape(x, [-1, 360]);
        const rows = tf.reshape(x, [x.shape[0] * 12, 30]);
        const [left, right] = tf.split(x, [4, 6], 2);
        const map = tf.maxPool(x, 1, 1, 'same');
        const [thin, thick] = tf.split(map, [1, 2], 3);
        const top = tf.topk(tf.reshape(x, [x.shape[0], 12, 30]), 3);
        return {
          flat: tf.slice(flat, [0, 5], [-1, 7]),
          fromMap: tf.reshape(map, [x.shape[0], -1]),
          sized: tf.slice(flat, [0, 5], [x.shape[0], 7]),
          strided: tf.stridedSlice(flat, [0, 0], [x.shape[0], 300], [1, 7]),
          fromTheEnd: tf.stridedSlice(x, [0, 1, -3, 0], [x.shape[0], 6, 10, 1], [1, 2, 1, 1]),
          shrunk: tf.stridedSlice(x, [0, 0, 3, 0], [x.shape[0], 12, 4, 3], [1, 1, 1, 1], 0, 0, 0, 0, 4),
          rows: tf.reshape(tf.tanh(rows), [-1, 12, 30]),
          joined: tf.concat([right!, left!], 2),
          joinedMaps: tf.concat([map, tf.relu(map), map], 3),
          joinedRows: tf.concat([map, map], 1),
          mixed: tf.concat([map, x], 3),
          parts: tf.add(thin!, thick!),
          turned: tf.reverse(tf.transpose(x, [0, 2, 1, 3]), 1),
          mirrored: tf.reverse(x, [2, 3]),
          gathered: tf.gather(x, tf.tensor1d([2, 0], 'int32'), 3),
          stacked: tf.stack(tf.unstack(x, 3).reverse(), 1),
          tiled: tf.tile(tf.mean(x, [1, 2]), [1, 4]),
          padded: tf.pad(
            map,
            [
              [0, 0],
              [1, 2],
              [0, 1],
              [2, 0],
            ],
            -3,
          ),
          reflected: tf.mirrorPad(
            x,
            [
              [0, 0],
              [1, 2],
              [0, 1],
              [0, 0],
            ],
            'reflect',
          ),
          best: top.values,
          places: top.indices,
          deeper: tf.squeeze(tf.expandDims(map, 1), [1]),
        };
      },
    ],
    [
      'products and shares',
      (x) => {
        const rows = tf.reshape<tf.Rank.R3>(x, [x.shape[0], 12, 30]);
        const other = random([30, 4], 1) as tf.Tensor2D;
        return {
          batched: tf.matMul(rows, rows, false, true),
          turned: tf.matMul(rows, rows, true, false),
          shared: tf.matMul(tf.reshape(rows, [-1, 30]), other),
          transposed: tf.matMul(tf.reshape(rows, [-1, 30]), tf.transpose(other), false, true),
          einstein: tf.einsum('bhwc,bhwd->bcd', x, x),
          shares: tf.softmax(rows),
          logarithms: tf.logSoftmax(rows),
        };
      },
    ],
  ])('computes %s as they are computed here', async (_, forward) => {
    await expectSame(({ image: x }) => forward(x as tf.Tensor4D), image, 1e-4);
  });

  it('keeps a sum with one number for all channels, and joins no bias that another operation needs', async () => {
    const filter = random([3, 3, 3, 8], 1) as tf.Tensor4D;
    const graph = await expectSame(({ image: x }) => {
      const one = tf.conv2d(x as tf.Tensor4D, filter, 1, 'same');
      const two = tf.conv2d(x as tf.Tensor4D, filter, 2, 'same');
      return {
        one: tf.add(one, tf.tensor3d([0.5], [1, 1, 1])),
        two: tf.mul(tf.add(two, random([8], 2)), two),
      };
    });
    expect(ops(graph).filter((op) => op === 'Add')).toHaveLength(2);
  });

  it('takes whole numbers of 64 bits, looks up rows, marks classes', async () => {
    const table = random([5, 4], 1);
    const inputs: TensorSpecs = { ids: { shape: [6], dtype: 'int32' }, mask: { shape: [6], dtype: 'int32' } };
    const graph = await expectSame(({ ids, mask }) => {
      const weights = tf.expandDims(tf.cast(mask!, 'float32'), -1);
      return {
        pooled: tf.div(tf.sum(tf.mul(tf.gather(table, ids!), weights), 1), tf.maximum(tf.sum(weights, 1), 1e-9)),
        // Two is beyond the last column.
        marked: tf.oneHot(ids!, 2, 5, -1),
        next: tf.add(ids!, tf.scalar(1, 'int32')),
        picked: tf.gatherND(table, tf.expandDims(ids!, 2)),
      };
    }, inputs);
    expect(graph.inputs).toEqual([
      { name: 'ids', type: 'int64', shape: ['batch_size', 6] },
      { name: 'mask', type: 'int64', shape: ['batch_size', 6] },
    ]);
  });

  it('names weights as they are called, and stores those alone that the outputs need', async () => {
    const kernel = tf.variable(random([3, 2], 1), true, 'kernel');
    const unused = tf.variable(tf.ones([50]), false, 'unused');
    const pass = {
      forward: ({ x }: Tensors) => {
        tf.add(tf.sum(x!), unused);
        return { y: tf.matMul(x as tf.Tensor2D, kernel) };
      },
      inputs: { x: { shape: [3], dtype: 'float32' as const } },
      variables: [{ name: 'head/kernel', value: kernel, role: 'weight' as const, decay: false }],
    };
    const graph = await tracedTwice(pass, (traces, options) => buildOnnx(traces, pass.inputs, options));
    expect([...graph.constants.keys()]).toEqual(['weight/head/kernel']);
    tf.dispose([kernel, unused]);
  });

  it.each<[string, Forward, RegExp]>([
    [
      'a kernel that ONNX does not have',
      ({ image: x }) => ({ y: tf.atan2(x!, tf.scalar(1)) }),
      /Atan2 has no counterpart among the operations of an ONNX graph/,
    ],
    [
      'a step with a slope below zero',
      ({ image: x }) => ({ y: tf.step(x!, 0.1) }),
      /Step cannot be exported to an ONNX graph: a slope below zero/,
    ],
    [
      'whole numbers where it would take them for real ones',
      ({ image: x }) => ({
        y: tf.pad(tf.cast(x!, 'int32'), [
          [0, 0],
          [1, 1],
          [0, 0],
          [0, 0],
        ]),
      }),
      /PadV2 cannot be exported to an ONNX graph: it works on whole numbers/,
    ],
    ['random numbers', ({ image: x }) => ({ y: tf.add(x!, tf.randomUniform([3])) }), /on chance/],
    ['a loop over the batch', ({ image: x }) => ({ y: tf.addN(tf.unstack(x!)) }), /another batch size/],
    [
      'a padding that TensorFlow.js understands otherwise',
      ({ image: x }) => ({
        y: tf.conv2d(x as tf.Tensor4D, random([3, 2, 3, 4], 1) as tf.Tensor4D, 2, 1, 'NHWC', [1, 1], 'floor'),
      }),
      /Conv2D cannot be exported to an ONNX graph: padding that gives another size there/,
    ],
    [
      'a mirror that repeats the edge',
      ({ image: x }) => ({
        y: tf.mirrorPad(
          x!,
          [
            [0, 0],
            [1, 1],
            [0, 0],
            [0, 0],
          ],
          'symmetric',
        ),
      }),
      /MirrorPad cannot be exported to an ONNX graph: a mirror that repeats the edge/,
    ],
  ])('refuses %s', async (_, forward, message) => {
    const before = tf.memory().numTensors;
    await expect(graphOf(forward, image)).rejects.toMatchObject({
      code: 'not-supported',
      message: expect.stringMatching(message) as string,
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
