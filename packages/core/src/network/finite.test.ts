import { tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainBackend } from '../testing/plain-backend.ts';
import { checkOutputs, checkRows, checkWeight, notFiniteAt } from './finite.ts';

beforeAll(async () => void (await plainBackend()));

describe('numbers that are not finite', () => {
  it('are found at their place, and none among the largest and smallest of float32', () => {
    expect(notFiniteAt(Float32Array.of(3.4e38, -3.4e38, 1e-45, -0))).toBe(-1);
    for (const bad of [NaN, Infinity, -Infinity]) expect(notFiniteAt(Float32Array.of(1, 2, bad, 4))).toBe(2);
    expect(notFiniteAt(Float32Array.of(NaN, 1, 2, Infinity).subarray(1))).toBe(2);
    expect(notFiniteAt(Float64Array.of(1e300, NaN))).toBe(1);
    expect(notFiniteAt(Int32Array.of(0x7f800000, -1))).toBe(-1);
    expect(notFiniteAt([])).toBe(-1);
  });

  it.each<unknown>([null, '5', true, undefined])('are what is no number: %j', (value) => {
    expect(notFiniteAt([1, value as number])).toBe(1);
  });

  it('are told with the tensor that holds them, and their place in it', async () => {
    const message = (place: number) => ({
      message: `There is NaN in the tensor "head/bias" of m, at place ${place}.`,
    });
    await expect(checkWeight(Float32Array.of(1, NaN), 'head/bias', 'm')).rejects.toMatchObject(message(1));
    const large = new Float32Array(2_500_000);
    await checkWeight(large, 'head/bias', 'm');
    large[2_300_001] = NaN;
    await expect(checkWeight(large, 'head/bias', 'm')).rejects.toMatchObject(message(2_300_001));
  });

  it('are told with the sample whose row holds them', async () => {
    const rows = { rows: 3, name: (row: number) => `row ${row}` };
    expect(() => checkRows([1, 2, 3, 4, -Infinity, 6], 'f', rows)).toThrow(
      'There is -Infinity in what the network gave as "f" for row 2',
    );
    const good = tensor([1, 2, 3]);
    const bad = tensor([1, NaN, 3]);
    await checkOutputs({ good }, rows);
    await expect(checkOutputs({ good, bad }, rows)).rejects.toMatchObject({
      code: 'not-finite',
      message: 'There is NaN in what the network gave as "bad" for row 1.',
    });
    good.dispose();
    bad.dispose();
  });
});
