import { describe, expect, it } from 'vitest';
import { steepest } from './learning-rate-finder.ts';

const rates = Array.from({ length: 60 }, (_, i) => 1e-6 * 10 ** (i / 10));
const curve = (loss: (i: number) => number) => rates.map((rate, i) => ({ rate, loss: loss(i) }));

describe('steepest', () => {
  it('finds where the smoothed loss falls fastest', () => {
    // Flat at 1, then falling by 0.1 per step from step 30 to 40, then flat: the smoothed loss is s_t = 0.9 s_{t-1} + 0.1 l_t,
    // so its fall grows for as long as the loss falls, and its central difference is largest at step 39 or 40.
    const found = steepest(curve((i) => 1 - 0.1 * Math.min(10, Math.max(0, i - 30))))!;
    expect(found).toBeGreaterThanOrEqual(rates[39]!);
    expect(found).toBeLessThanOrEqual(rates[40]!);
  });

  it('is not misled by a later rise, nor by steps that diverged', () => {
    const dip = (i: number) => (i <= 30 ? 1 - 0.02 * i : 0.4 + 0.2 * (i - 30));
    const whole = steepest(curve(dip))!;
    expect(whole).toBeLessThanOrEqual(rates[31]!);
    expect(steepest(curve((i) => (i < 50 ? dip(i) : Infinity)))).toBe(whole);
  });

  it('finds none where the loss never falls, or where nothing could be measured', () => {
    expect(steepest(curve(() => 2))).toBeUndefined();
    expect(steepest(curve((i) => i))).toBeUndefined();
    expect(steepest(curve(() => Infinity))).toBeUndefined();
    expect(steepest([])).toBeUndefined();
  });
});
