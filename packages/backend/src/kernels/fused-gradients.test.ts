import { batchNormTrain } from '@headstart/core/network';
import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBackend } from '../open-backend.ts';
import {
  directionalDerivatives,
  gradientsOn,
  largestDifference,
  values,
  type TestArray,
} from '../testing/gradient-checks.ts';
import { TENSORFLOW } from '../tfjs-node/kernel-backend.ts';

interface Case {
  name: string;
  f: (...inputs: Tensor[]) => Tensor;
  inputs: TestArray[];
  /** Ops of TensorFlow that must do the work: fused, not a chain. */
  ops: string[];
  /** Ops of the chain that must not run. */
  not?: string[];
}

/** Weighting each output differently, so that no error cancels out. */
const weighted = (y: Tensor, seed: number) => tf.sum(tf.mul(y, tf.tensor(values(y.shape, seed).values, y.shape)));

const cases: Case[] = [
  {
    name: 'relu',
    f: (x) => weighted(tf.relu(x), 1),
    inputs: [values([3, 5], 2, [0])],
    ops: ['ReluGrad'],
    not: ['Step'],
  },
  {
    name: 'relu6',
    f: (x) => weighted(tf.relu6(tf.mul(x, 5)), 1),
    inputs: [values([4, 7], 3, [0, 1.2])],
    ops: ['Relu6Grad'],
    not: ['Step', 'LessEqual'],
  },
  {
    name: 'sigmoid',
    f: (x) => weighted(tf.sigmoid(x), 1),
    inputs: [values([6], 4)],
    ops: ['SigmoidGrad'],
    not: ['Sub'],
  },
  { name: 'tanh', f: (x) => weighted(tf.tanh(x), 1), inputs: [values([6], 5)], ops: ['TanhGrad'], not: ['Square'] },
  {
    name: 'leakyRelu',
    f: (x) => weighted(tf.leakyRelu(x, 0.1), 1),
    inputs: [values([9], 6, [0])],
    ops: ['LeakyReluGrad'],
    not: ['Select'],
  },
  // Here the output is above zero where the input is below.
  {
    name: 'leakyRelu with a slope below zero',
    f: (x) => weighted(tf.leakyRelu(x, -0.4), 1),
    inputs: [values([9], 6, [0])],
    ops: ['LeakyReluGrad'],
  },
  ...[false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      name: `matMul of matrices, transposed ${transposeA}, ${transposeB}`,
      f: (a?: Tensor, b?: Tensor) => weighted(tf.matMul(a!, b!, transposeA, transposeB), 1),
      inputs: [values(transposeA ? [4, 3] : [3, 4], 7), values(transposeB ? [5, 4] : [4, 5], 8)],
      ops: ['MatMul'],
      not: ['BatchMatMulV2'],
    })),
  ),
  {
    name: 'matMul of batches',
    f: (a, b) => weighted(tf.matMul(a, b), 1),
    inputs: [values([2, 3, 4], 7), values([2, 4, 5], 8)],
    ops: ['BatchMatMulV2'],
  },
  {
    name: 'a bias added to a matrix',
    f: (x, bias) => weighted(tf.add(x, bias), 1),
    inputs: [values([6, 4], 20), values([4], 21)],
    ops: ['BiasAddGrad'],
  },
  {
    name: 'a bias added to sequences, from the left',
    f: (x, bias) => weighted(tf.add(bias, x), 1),
    inputs: [values([2, 3, 4], 22), values([4], 23)],
    ops: ['BiasAddGrad'],
  },
  {
    name: 'a bias added to feature maps of many channels',
    f: (x, bias) => weighted(tf.add(x, bias), 1),
    inputs: [values([2, 2, 2, 32], 28), values([32], 29)],
    ops: ['BiasAddGrad'],
  },
  {
    name: 'sums that broadcast otherwise',
    f: (a, b, c, d) => weighted(tf.add(tf.add(tf.add(a, b), c), d), 1),
    inputs: [values([2, 3, 4], 24), values([3, 1], 25), values([], 26), values([2, 1, 4], 27)],
    ops: ['Sum'],
    not: ['BiasAddGrad'],
  },
  {
    name: 'batch norm in training',
    f: (x, gamma, beta) => weighted(batchNormTrain(x, gamma, beta, 1e-3).y, 1),
    inputs: [values([3, 4, 5, 2], 9), values([2], 10), values([2], 11)],
    ops: ['FusedBatchNormV3', 'FusedBatchNormGradV3'],
    not: ['Mean', 'Rsqrt'],
  },
  {
    name: 'batch norm in training over vectors',
    f: (x, gamma, beta) => weighted(batchNormTrain(x, gamma, beta, 1e-3).y, 1),
    inputs: [values([7, 3], 12), values([3], 13), values([3], 14)],
    ops: ['FusedBatchNormV3', 'FusedBatchNormGradV3'],
  },
  {
    name: 'batch norm with frozen statistics',
    f: (x, mean, variance, beta, gamma) =>
      weighted(
        tf.batchNorm(
          x as tf.Tensor4D,
          mean as tf.Tensor1D,
          tf.add<tf.Tensor1D>(tf.square(variance), 0.5),
          beta as tf.Tensor1D,
          gamma as tf.Tensor1D,
          1e-3,
        ),
        1,
      ),
    inputs: [values([2, 3, 4, 3], 15), values([3], 16), values([3], 17), values([3], 18), values([3], 19)],
    ops: ['FusedBatchNormGradV3'],
  },
];

let backend: Backend;

beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu' });
});
afterAll(() => backend.close());

describe.each(cases)('gradient of $name', ({ f, inputs, ops, not = [] }) => {
  it('equals the one of the plain JavaScript backend', async () => {
    const ours = await gradientsOn(TENSORFLOW, f, inputs);
    const plain = await gradientsOn('cpu', f, inputs);
    // Both in single precision over sums of some dozens of terms of size 1 to 10.
    expect(Math.abs(ours.value - plain.value)).toBeLessThan(2e-5 * (1 + Math.abs(plain.value)));
    ours.gradients.forEach((gradient, i) =>
      expect(largestDifference(gradient, plain.gradients[i]!)).toBeLessThan(5e-5),
    );
  });

  it('equals central differences', async () => {
    const { gradients } = await gradientsOn(TENSORFLOW, f, inputs);
    const { numeric, analytic } = directionalDerivatives(f, inputs, gradients, 4e-3);
    // Rounding 1e-6 over the step, and a step squared: under a percent of values of size 1 to 100.
    expect(Math.abs(numeric - analytic)).toBeLessThan(1e-2 * (1 + Math.abs(analytic)));
  });

  it('is computed by the ops it should be', async () => {
    const seen = new Set<string>();
    const engine = tf.findBackend(TENSORFLOW) as unknown as {
      binding: { executeOp: (name: string, ...rest: unknown[]) => unknown };
    };
    const { executeOp } = engine.binding;
    engine.binding.executeOp = (name, ...rest) => {
      seen.add(name);
      return executeOp.call(engine.binding, name, ...rest);
    };
    try {
      await gradientsOn(TENSORFLOW, f, inputs);
    } finally {
      engine.binding.executeOp = executeOp;
    }
    for (const op of ops) expect(seen).toContain(op);
    for (const op of not) expect(seen).not.toContain(op);
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await gradientsOn(TENSORFLOW, f, inputs);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('batch norm in training', () => {
  it('returns the biased variance: 3.5 for 1, 2, 3 and 6', () => {
    const { batchMean, batchVariance } = batchNormTrain(
      tf.tensor4d([1, 2, 3, 6], [1, 2, 2, 1]),
      tf.tensor1d([1]),
      tf.tensor1d([0]),
      1e-3,
    );
    expect(batchMean.dataSync()[0]).toBeCloseTo(3, 6);
    expect(batchVariance.dataSync()[0]).toBeCloseTo(3.5, 5);
  });

  it('makes three tensors outside of a gradient', () => {
    const [x, gamma, beta] = [tf.ones([2, 3, 3, 4]), tf.ones([4]), tf.zeros([4])];
    const before = tf.memory().numTensors;
    const { y, batchMean, batchVariance } = batchNormTrain(x, gamma, beta, 1e-3);
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose([x, gamma, beta, y, batchMean, batchVariance]);
  });
});

describe('step', () => {
  it('is 1 above zero, alpha elsewhere, and keeps NaN', () => {
    const x = tf.tensor1d([-2, -0, 0, 1e-30, 3, Infinity, -Infinity, NaN]);
    expect(Array.from(tf.step(x).dataSync())).toEqual([0, 0, 0, 1, 1, 1, 0, NaN]);
    expect(Array.from(tf.step(x, 0.25).dataSync())).toEqual([0.25, 0.25, 0.25, 1, 1, 1, 0.25, NaN]);
  });
});
