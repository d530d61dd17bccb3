import { describe, expect, it } from 'vitest';
import { luma, normalise } from './normalise.ts';

describe('normalise', () => {
  const pixels = { width: 2, height: 1, data: Uint8Array.of(0, 100, 255, 20, 40, 60) };

  it('takes mean and deviation per channel', () => {
    const values = normalise(pixels, { channels: 3, mean: [10, 20, 30], deviation: [2, 4, 5] });
    expect(Array.from(values)).toEqual([-5, 20, 45, 5, 5, 6]);
  });

  it('turns the channels round where the input begins with blue', () => {
    const values = normalise(pixels, { channels: 3, order: 'BGR', mean: [15, 20, 30], deviation: [2, 4, 5] });
    expect(Array.from(values)).toEqual([120, 20, -6, 22.5, 5, -2]);
  });

  it('takes luma for one channel: 0.299 R + 0.587 G + 0.114 B', () => {
    const values = normalise(pixels, { channels: 1, mean: [0], deviation: [255] });
    [0.587 * 100 + 0.114 * 255, 0.299 * 20 + 0.587 * 40 + 0.114 * 60].forEach((value, i) =>
      expect(values[i]! * 255).toBeCloseTo(Math.round(value), 4),
    );
    for (let value = 0; value < 256; value++) expect(luma(value, value, value)).toBe(value);
  });
});
