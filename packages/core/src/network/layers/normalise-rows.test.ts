import '@tensorflow/tfjs';
import { grad, memory, mul, setBackend, sum, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { normaliseRows } from './normalise-rows.ts';

beforeAll(() => setBackend('cpu'));
let tensors: number | undefined;
afterEach(() => {
  tensors ??= memory().numTensors;
  expect(memory().numTensors).toBe(tensors);
});

/** Central differences of a function of one number. */
const slope = (f: (x: number) => number, x: number) => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5;

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
