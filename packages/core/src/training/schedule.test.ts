import { describe, expect, it } from 'vitest';
import { rateAt } from './schedule.ts';

describe('rateAt', () => {
  it('rises in equal steps to the peak, then falls by half a cosine', () => {
    const schedule = { warmup: 0.3, decay: 'cosine' } as const;
    const rates = Array.from({ length: 10 }, (_, step) => rateAt(schedule, step, 10));
    // Warm-up over 3 steps: 1/4, 2/4, 3/4. The 7 others: (1 + cos(π k / 7)) / 2.
    const expected = [0.25, 0.5, 0.75, ...[0, 1, 2, 3, 4, 5, 6].map((k) => (1 + Math.cos((Math.PI * k) / 7)) / 2)];
    rates.forEach((rate, i) => expect(rate).toBeCloseTo(expected[i]!, 12));
    expect(rates[3]).toBe(1);
    expect(Math.min(...rates)).toBeGreaterThan(0);
  });

  it('stays at the peak where it is constant', () => {
    expect([0, 1, 4, 9].map((step) => rateAt({ warmup: 0.2, decay: 'constant' }, step, 10))).toEqual([
      1 / 3,
      2 / 3,
      1,
      1,
    ]);
  });

  it('copes with a single step, and with warm-up throughout', () => {
    expect(rateAt({ warmup: 0.1, decay: 'cosine' }, 0, 1)).toBe(1);
    expect([0, 1, 2].map((step) => rateAt({ warmup: 1, decay: 'cosine' }, step, 3))).toEqual([1 / 4, 2 / 4, 3 / 4]);
  });
});
