import '@tensorflow/tfjs';
import { setBackend, sum, tensor1d, tidy, topk, valueAndGrad } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { asConstant, stopGradient } from './stop-gradient.ts';

beforeAll(() => setBackend('cpu'));

it('stopGradient gives the value and no gradient', () => {
  const { value, gradient } = tidy(() => {
    const { value, grad: gradient } = valueAndGrad((x) => sum(x.mul(stopGradient(x))))(tensor1d([2, 3]));
    return { value: value.dataSync()[0]!, gradient: Array.from(gradient.dataSync()) };
  });
  expect(value).toBe(13);
  expect(gradient).toEqual([2, 3]); // that of x · c with c = x; of x² it would be [4, 6]
});

it('asConstant gives the value, and no gradient flows into it, not even through what has none', () => {
  const { value, gradient } = tidy(() => {
    const { value, grad: gradient } = valueAndGrad((x) => sum(x.mul(asConstant(() => topk(x, 2).values))))(
      tensor1d([2, 3]),
    );
    return { value: value.dataSync()[0]!, gradient: Array.from(gradient.dataSync()) };
  });
  expect(value).toBe(12);
  expect(gradient).toEqual([3, 2]);
});
