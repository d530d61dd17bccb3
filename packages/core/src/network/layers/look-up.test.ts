import '@tensorflow/tfjs';
import {
  memory,
  mul,
  setBackend,
  sum,
  tensor,
  tensor2d,
  tidy,
  variable,
  variableGrads,
  type Scalar,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lookUp } from './look-up.ts';

beforeAll(() => setBackend('cpu'));
let tensors: number | undefined;
afterEach(() => {
  tensors ??= memory().numTensors;
  expect(memory().numTensors).toBe(tensors);
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
