import '@tensorflow/tfjs';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { weighedByClass, weighedByLabel } from './class-weights.ts';

beforeAll(() => setBackend('cpu'));

const weights = { present: [0.5, 4], absent: [2, 0.25] };

it('multiplies costs by the weight of the class, of a blend by the mean', () => {
  const truth = tensor2d([
    [1, 0],
    [0, 1],
    [0.75, 0.25],
  ]);
  const costs = tensor1d([3, 3, 8]);
  // 0.75 · 0.5 + 0.25 · 4 = 1.375
  tidy(() => void expect([...weighedByClass(costs, truth, weights).dataSync()]).toEqual([1.5, 12, 11]));
  expect(weighedByClass(costs, truth, undefined)).toBe(costs);
});

it('multiplies the cost of each label by the weight of its presence or absence', () => {
  const truth = tensor2d([
    [1, 0],
    [0, 1],
  ]);
  const costs = tensor2d([
    [1, 2],
    [3, 4],
  ]);
  tidy(() => void expect([...weighedByLabel(costs, truth, weights).dataSync()]).toEqual([0.5, 0.5, 6, 16]));
  expect(weighedByLabel(costs, truth, undefined)).toBe(costs);
});
