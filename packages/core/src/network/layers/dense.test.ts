import '@tensorflow/tfjs';
import { memory, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assignValues } from '../layer.ts';
import { Dense } from './dense.ts';
import { constant } from './initialisers.ts';

beforeAll(() => setBackend('cpu'));
let tensors: number | undefined;
afterEach(() => {
  tensors ??= memory().numTensors;
  expect(memory().numTensors).toBe(tensors);
});

describe('Dense', () => {
  it.each([
    { layout: 'inputs-outputs', kernel: [1, 2, 3, 4, 5, 6], shape: [2, 3] },
    { layout: 'outputs-inputs', kernel: [1, 4, 2, 5, 3, 6], shape: [3, 2] },
  ] as const)('computes x W + b with a kernel that is held as $layout', ({ layout, kernel, shape }) => {
    const layer = new Dense({ name: 'fc', inputs: 2, outputs: 3, layout, initialiser: constant(0) });
    expect(layer.variables.map(({ name, value, decay }) => [name, value.shape, decay])).toEqual([
      ['fc.weight', shape, true],
      ['fc.bias', [3], false],
    ]);
    assignValues(layer.kernel, Float32Array.from(kernel));
    assignValues(layer.bias, Float32Array.of(100, 200, 300));
    const observed: unknown[] = [];
    const y = tidy(() =>
      layer.forward(tensor2d([[1, 10]]), { observe: (name, x) => void observed.push(name, x.arraySync()) }).arraySync(),
    );
    expect(y).toEqual([[141, 252, 363]]); // 1 + 40, 2 + 50, 3 + 60
    expect(observed).toEqual(['fc', [[1, 10]]]);
    for (const { value } of layer.variables) value.dispose();
  });
});
