import '@tensorflow/tfjs';
import { grad, memory, mul, scalar, setBackend, sum, tensor1d, tidy, type Scalar } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { reverseGradient } from './reverse-gradient.ts';

beforeAll(() => setBackend('cpu'));

const WEIGHTS = [2, -3, 0.5];

/** The gradient of `Σ w x` in x, behind the reversal: w itself, times what it is scaled by. */
function slopes(scale?: Scalar | number): number[] {
  return tidy(() => {
    const f = grad((x) => sum(mul(reverseGradient(x, scale), tensor1d(WEIGHTS))));
    return [...f(tensor1d([1, 2, 3])).dataSync()];
  });
}

describe('reverseGradient', () => {
  it('passes values on as they are', () => {
    const values = tidy(() => [...reverseGradient(tensor1d([1, -2]), 3).dataSync()]);
    expect(values).toEqual([1, -2]);
  });

  it('turns gradients around, whole where no scale is given', () => {
    expect(slopes()).toEqual([-2, 3, -0.5]);
  });

  it.each([0, 0.25, 2])('scales them by %d, a number or a tensor', (scale) => {
    const expected = WEIGHTS.map((weight) => -scale * weight + 0);
    expect(slopes(scale).map((slope) => slope + 0)).toEqual(expected);
    const before = memory().numTensors;
    const tensor = scalar(scale);
    expect(slopes(tensor).map((slope) => slope + 0)).toEqual(expected);
    tensor.dispose();
    expect(memory().numTensors).toBe(before);
  });
});
