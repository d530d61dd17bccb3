import { describe, expect, it } from 'vitest';
import { heatAt, weigh } from './grad-cam.ts';

describe('Grad-CAM', () => {
  it('weighs channels by their mean slope and cuts off what speaks against', () => {
    // Two cells, two channels; slopes average to 1 and -2.
    const map = Float32Array.of(3, 1, 4, 0);
    const slope = Float32Array.of(0, -4, 2, 0);
    // Cell 1: 3 - 2 = 1; cell 2: 4. The greatest becomes 1.
    expect(Array.from(weigh(map, slope, 2))).toEqual([0.25, 1]);
    expect(
      Array.from(
        weigh(
          map,
          slope.map((value) => (value < 0 ? value : 0)),
          2,
        ),
      ),
    ).toEqual([0, 0]);
  });

  it('interpolates between cell centres', () => {
    const heat = { width: 2, height: 1, values: Float32Array.of(0, 1), label: 0, logits: new Float32Array(1) };
    expect([0, 0.25, 0.5, 0.75, 1].map((u) => heatAt(heat, u, 0.5))).toEqual([0, 0, 0.5, 1, 1]);
  });
});
