import { describe, expect, it } from 'vitest';
import { resample } from './resample.ts';

const sine = (hertz: number, rate: number, seconds = 0.2) =>
  Float32Array.from({ length: Math.round(seconds * rate) }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));

/** The largest difference, away from the ends, where the silence around a recording is felt. */
const difference = (a: Float32Array, b: Float32Array) =>
  a.slice(200, -200).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i + 200]!)), 0);

describe('resample', () => {
  it.each([
    [44_100, 16_000, 1000],
    [48_000, 16_000, 6000],
    [22_050, 16_000, 3000],
    [8000, 16_000, 3000],
    [11_025, 16_000, 440],
  ])('from %i to %i Hz leaves a tone of %i Hz as it is', (from, to, hertz) => {
    // The Kaiser window's ripple with beta 8 is -80 dB: 1e-4.
    expect(difference(resample(sine(hertz, from), from, to), sine(hertz, to))).toBeLessThan(2e-4);
  });

  it('removes what the lower rate cannot hold, instead of folding it down', () => {
    const folded = resample(sine(10_000, 44_100), 44_100, 16_000);
    expect(difference(folded, new Float32Array(folded.length))).toBeLessThan(2e-4);
  });

  it('keeps the duration, and the very samples at the same rate', () => {
    expect(resample(new Float32Array(441), 44_100, 16_000)).toHaveLength(160);
    const samples = sine(100, 16_000);
    expect(resample(samples, 16_000, 16_000)).toBe(samples);
  });
});
