import '@tensorflow/tfjs';
import {
  grad,
  memory,
  mul,
  setBackend,
  sum,
  tensor,
  tensor1d,
  tensor2d,
  tidy,
  variable,
  variableGrads,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gelu, geluTanh } from './gelu.ts';
import { lookUp } from './look-up.ts';
import { normaliseRows } from './normalise-rows.ts';

beforeAll(() => setBackend('cpu'));
let tensors: number | undefined;
afterEach(() => {
  tensors ??= memory().numTensors;
  expect(memory().numTensors).toBe(tensors);
});

const POINTS = [-4, -1.5, -0.3, 0, 0.7, 2, 5];

/** Central differences of a function of one number. */
const slope = (f: (x: number) => number, x: number) => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;

/** Φ(x) by Simpson's rule on the density from 0. */
function normal(x: number): number {
  const steps = 2000;
  const density = (t: number) => Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI);
  let total = density(0) + density(x);
  for (let i = 1; i < steps; i++) total += density((i * x) / steps) * (i % 2 === 1 ? 4 : 2);
  return 0.5 + (total * x) / steps / 3;
}

describe('gelu', () => {
  const exact = (x: number) => x * normal(x);
  const approximate = (x: number) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));

  it.each([
    { name: 'exact', op: gelu, formula: exact },
    { name: 'by tanh', op: geluTanh, formula: approximate },
  ])('$name: value and gradient are those of the formula', ({ op, formula }) => {
    const [values, gradients] = tidy(() => {
      const x = tensor1d(POINTS);
      return [[...op(x).dataSync()], [...grad((z: Tensor) => op(z))(x).dataSync()]];
    });
    POINTS.forEach((x, i) => {
      expect(values[i]).toBeCloseTo(formula(x), 5);
      expect(gradients[i]).toBeCloseTo(slope(formula, x), 5);
    });
  });
});

describe('normaliseRows', () => {
  const EPSILON = 0.01;
  const ROW = [1, -2, 0.5, 4];
  const FACTORS = [0.3, -1, 2, 0.7];
  const normalised = (row: readonly number[]) => {
    const mean = row.reduce((total, x) => total + x, 0) / row.length;
    const variance = row.reduce((total, x) => total + (x - mean) ** 2, 0) / row.length;
    return row.map((x) => (x - mean) / Math.sqrt(variance + EPSILON));
  };
  const weighted = (row: readonly number[]) => normalised(row).reduce((total, y, i) => total + y * FACTORS[i]!, 0);

  it('has the value and the gradient of the formula', () => {
    const [values, gradients] = tidy(() => {
      const x = tensor2d([ROW, [0, 0, 0, 0]]);
      const projected = (z: Tensor) => sum(mul(normaliseRows(z, EPSILON), tensor2d([FACTORS, [0, 0, 0, 0]])));
      return [normaliseRows(x, EPSILON).arraySync() as number[][], grad(projected)(x).arraySync() as number[][]];
    });
    normalised(ROW).forEach((y, i) => expect(values[0]![i]).toBeCloseTo(y, 5));
    expect(values[1]).toEqual([0, 0, 0, 0]);
    ROW.forEach((x, i) => {
      const along = (value: number) => weighted(ROW.map((other, k) => (k === i ? value : other)));
      expect(gradients[0]![i]).toBeCloseTo(slope(along, x), 4);
    });
  });
});

describe('lookUp', () => {
  it('takes rows, and gives each row the sum of its shares of the gradient', () => {
    const table = tidy(() =>
      variable(
        tensor2d([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ),
    );
    const result = tidy(() => {
      const ids = tensor(
        [
          [2, 0],
          [2, 2],
        ],
        [2, 2],
        'int32',
      );
      const factors = tensor([
        [
          [1, 10],
          [2, 20],
        ],
        [
          [3, 30],
          [4, 40],
        ],
      ]);
      const rows = lookUp(table, ids).arraySync();
      const { grads } = variableGrads(() => sum<Scalar>(mul(lookUp(table, ids), factors)), [table]);
      return { rows, gradient: grads[table.name]!.arraySync() };
    });
    table.dispose();
    expect(result.rows).toEqual([
      [
        [5, 6],
        [1, 2],
      ],
      [
        [5, 6],
        [5, 6],
      ],
    ]);
    expect(result.gradient).toEqual([
      [2, 20],
      [0, 0],
      [8, 80],
    ]);
  });
});
