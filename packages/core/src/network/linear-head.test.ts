import '@tensorflow/tfjs';
import { memory, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Backbone } from './backbone.ts';
import { assignValues } from './layer.ts';
import { RandomStream } from '../random/random-stream.ts';
import { LinearHead } from './linear-head.ts';

beforeAll(() => setBackend('cpu'));
let tensors: number | undefined;
afterEach(() => {
  tensors ??= memory().numTensors;
  expect(memory().numTensors).toBe(tensors);
});

const backbone: Backbone = {
  architecture: 'test',
  input: { tensors: {}, preprocessing: {} },
  stages: [],
  features: [{ name: 'pooled', stage: 'pool', tensor: 'pooled', shape: [2], kind: 'vector' }],
  dispose() {},
};

describe('LinearHead', () => {
  it.each([
    // (5 - 1) / 1 and (0 - 10) / 7
    { spread: 'own', expected: [4, -10 / 7] },
    // Both over sqrt((1 + 49) / 2) = 5
    { spread: 'shared', expected: [4 / 5, -2] },
  ] as const)('scales features by their $spread spread', ({ spread, expected }) => {
    const head = new LinearHead(backbone, 2, new RandomStream(1), { spread });
    assignValues(head.variables.find(({ name }) => name === 'kernel')!, Float32Array.of(1, 0, 0, 1));
    head.fit('pooled', { mean: Float32Array.of(1, 10), standardDeviation: Float32Array.of(1, 7) });
    const logits = tidy(() => head.forward({ pooled: tensor2d([[5, 0]]) })['logits']!.dataSync());
    expected.forEach((value, i) => expect(logits[i]).toBeCloseTo(value, 5));
    head.variables.forEach(({ value }) => value.dispose());
  });

  it('adds shifts to its logits, as scaled as they are', () => {
    const head = new LinearHead(backbone, 2, new RandomStream(1));
    assignValues(head.variables.find(({ name }) => name === 'kernel')!, Float32Array.of(1, 0, 0, 1));
    head.shiftLogits([0.5, -2]);
    head.scaleLogits(2);
    const logits = tidy(() => head.forward({ pooled: tensor2d([[3, 4]]) })['logits']!.dataSync());
    // 2 (3 + 0.5) and 2 (4 - 2)
    expect([...logits]).toEqual([7, 4]);
    head.variables.forEach(({ value }) => value.dispose());
  });
});
