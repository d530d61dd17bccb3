import '@tensorflow/tfjs';
import { grad, memory, setBackend, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gelu, geluTanh } from './gelu.ts';

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
