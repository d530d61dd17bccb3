import '@tensorflow/tfjs';
import { memory, scalar, setBackend, tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { averageDecay } from './average-decay.ts';
import { MovingAverage } from './moving-average.ts';

beforeAll(() => setBackend('cpu'));

describe('MovingAverage', () => {
  it('follows the weights, changes places with them and back, and owns its copies', () => {
    const value = tidy(() => variable(tensor1d([1, -1])));
    const before = memory().numTensors;
    const average = new MovingAverage([
      { name: 'w', stage: 's', rateMultiplier: 1, variable: { name: 'w', value, role: 'weight', decay: true } },
    ]);
    const shadow = average.shadows.get('w')!;
    const update = (weights: number[], decay: number) =>
      tidy(() => {
        value.assign(tensor1d(weights));
        average.update(scalar(decay));
      });
    // Quarters are exact in float32: 0.75·1 + 0.25·5 = 2, 0.75·(-1) + 0.25·3 = 0; then halves: (2 + 4)/2, (0 - 8)/2.
    update([5, 3], 0.75);
    expect(Array.from(shadow.dataSync())).toEqual([2, 0]);
    update([4, -8], 0.5);
    expect(Array.from(shadow.dataSync())).toEqual([3, -4]);

    average.swap();
    expect([Array.from(value.dataSync()), Array.from(shadow.dataSync())]).toEqual([
      [3, -4],
      [4, -8],
    ]);
    average.swap();
    expect([Array.from(value.dataSync()), Array.from(shadow.dataSync())]).toEqual([
      [4, -8],
      [3, -4],
    ]);

    average.dispose();
    expect(memory().numTensors).toBe(before);
    value.dispose();
  });

  it('forgets the first weights soon: the decay rises as (1 + t)/(10 + t) up to its own', () => {
    expect([0, 8, 90, 10_000].map((step) => averageDecay(0.9, step))).toEqual([0.1, 0.5, 0.9, 0.9]);
  });
});
