import '@tensorflow/tfjs';
import { memory, setBackend, tensor2d, tensor3d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { POOLINGS, poolStage, type Pooling } from './pooling.ts';
import { relativeBucket } from './relative-positions.ts';

beforeAll(() => setBackend('cpu'));

describe('pooling', () => {
  const run = (pooling: Pooling, normalise = false) =>
    tidy(() => {
      // Two texts of two and three tokens; padding holds what must not count.
      const hidden = tensor3d([
        [
          [1, -8],
          [3, 4],
          [99, 99],
        ],
        [
          [1, 1],
          [2, -2],
          [6, 4],
        ],
      ]);
      const mask = tensor2d(
        [
          [1, 1, 0],
          [1, 1, 1],
        ],
        [2, 3],
        'int32',
      );
      return poolStage({ pooling, normalise }, 512)
        .forward({ hidden, mask }, { training: false })
        ['pooled']!.arraySync() as number[][];
    });

  it.each([
    [
      'mean',
      [
        [2, -2],
        [3, 1],
      ],
    ],
    [
      'cls',
      [
        [1, -8],
        [1, 1],
      ],
    ],
    [
      'max',
      [
        [3, 4],
        [6, 4],
      ],
    ],
    // (1 · 1 + 2 · 3) / 3, (-8 + 2 · 4) / 3; (1 + 4 + 18) / 6, (1 - 4 + 12) / 6
    [
      'weighted-mean',
      [
        [7 / 3, 0],
        [23 / 6, 1.5],
      ],
    ],
    [
      'last',
      [
        [3, 4],
        [6, 4],
      ],
    ],
  ] satisfies [Pooling, number[][]][])('%s', (pooling, expected) => {
    run(pooling)
      .flat()
      .forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i]!, 5));
  });

  it('scales vectors to length 1, and leaves a text without a token at zero', () => {
    for (const pooling of POOLINGS) for (const row of run(pooling, true)) expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    const before = memory().numTensors;
    const nothing = tidy(() => {
      const inputs = { hidden: tensor3d([[[5, 5]]]), mask: tensor2d([[0]], [1, 1], 'int32') };
      return poolStage({ pooling: 'mean', normalise: true }, 512)
        .forward(inputs, { training: false })
        ['pooled']!.arraySync();
    });
    expect(nothing).toEqual([[0, 0]]);
    expect(memory().numTensors).toBe(before);
  });
});

describe('relativeBucket', () => {
  it('counts near distances one by one and far ones by their logarithm, each direction for itself', () => {
    // 32 buckets: 16 a direction, of which 8 exact; beyond, 8 + 8 log(d/8) / log(128/8), at most 15.
    const before = [0, 1, 7, 8, 16, 32, 64, 127, 500].map((distance) => relativeBucket(600, 600 - distance, 32));
    expect(before).toEqual([0, 1, 7, 8, 10, 12, 14, 15, 15]);
    expect([1, 7, 16, 500].map((distance) => relativeBucket(0, distance, 32))).toEqual([17, 23, 26, 31]);
  });
});
