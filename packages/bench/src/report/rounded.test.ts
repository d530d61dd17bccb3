import { describe, expect, it } from 'vitest';
import { byteSize, confidence, decimal, duration, plusMinus, pText, roundedEnds, signed } from './rounded.ts';

describe('rounding', () => {
  it.each([
    [0.87345, [0.86145, 0.88545], '0.873 ± 0.012'],
    [0.87345, [0.77385, 0.97305], '0.87 ± 0.10'],
    [0.5, [0.4999, 0.5001], '0.50000 ± 0.00010'],
    [123.4, [100, 146.8], '123 ± 23'],
    [0.25, [0.25, 0.25], '0.250 ± 0.000'],
    [0.25, null, '0.250'],
  ] as const)('%s in %j is %s', (value, interval, text) => {
    expect(plusMinus(value, interval)).toBe(text);
  });

  it('gives both ends the decimals of the width', () => {
    expect(roundedEnds([0.041, 0.0653])).toEqual(['0.041', '0.065']);
    expect(roundedEnds([-0.2, 0.31])).toEqual(['-0.20', '0.31']);
  });

  it('writes signs, p values, shares, times and sizes', () => {
    expect([decimal(-0.0001), signed('0.010'), signed('-0.010'), signed('0.000')]).toEqual([
      '0.000',
      '+0.010',
      '−0.010',
      '0.000',
    ]);
    expect([pText(0.0004), pText(0.0123), confidence(0.05), confidence(0.001)]).toEqual([
      '< 0.001',
      '0.012',
      '95 %',
      '99.9 %',
    ]);
    expect([0.4, 12, 89, 90, 7200, 200_000].map(duration)).toEqual([
      '0.4 s',
      '12 s',
      '89 s',
      '1.5 min',
      '2 h',
      '2.3 d',
    ]);
    expect([0, 1023, 1536, 3 * 2 ** 30].map(byteSize)).toEqual(['0 B', '1023 B', '1.5 KiB', '3 GiB']);
  });
});
