import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { framesOf, LogMel, SETTINGS } from './log-mel.ts';
import { melFilters } from './mel-filters.ts';
import { PowerSpectrum } from './power-spectrum.ts';

/** What librosa makes of the same sound: tools/golden.py. */
const golden = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')) as {
  'filter sums': number[];
  power: [frame: number, band: number, value: number][];
  decibels: [frame: number, band: number, value: number][];
  'mean decibels': number;
};

const sound = Float32Array.from({ length: SETTINGS.length }, (_, i) => {
  const t = i / SETTINGS.rate;
  const overtones = [1, 2, 3, 4, 5].reduce((sum, k) => sum + Math.sin(2 * Math.PI * 330 * k * t) / k, 0);
  return (
    0.4 * Math.sin(2 * Math.PI * (200 * t + 1500 * t * t)) +
    (t > 0.5 ? 0.2 * overtones : 0) +
    (Math.abs(t - 0.25) < 1e-4 ? 0.8 : 0)
  );
});
const logMel = new LogMel(SETTINGS);

describe('the spectrogram', () => {
  it('has filters of librosa’s weights', () => {
    melFilters(SETTINGS).forEach((filter, i) => {
      expect(filter.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(golden['filter sums'][i]!, 8);
    });
  });

  it('has librosa’s power in every band', () => {
    const power = logMel.melPower(sound);
    // The sound is rounded to 32 bits on both sides: powers agree to six digits, silence to that share of the loudest.
    for (const [frame, band, value] of golden.power) {
      expect(Math.abs(power[frame * 40 + band]! - value)).toBeLessThan(1e-6 * value + 1e-9);
    }
  });

  it('has librosa’s decibels, scaled from -60 … 0 to -1 … 1', () => {
    const decibels = logMel.spectrogram(sound).map((value) => 30 * (value - 1));
    for (const [frame, band, value] of golden.decibels) expect(decibels[frame * 40 + band]).toBeCloseTo(value, 3);
    expect(decibels.reduce((sum, value) => sum + value, 0) / decibels.length).toBeCloseTo(golden['mean decibels'], 3);
  });

  it('is the same however loud, and lowest for silence', () => {
    const half = logMel.spectrogram(sound.map((value) => value / 2));
    logMel.spectrogram(sound).forEach((value, i) => expect(half[i]).toBeCloseTo(value, 5));
    expect(new Set(logMel.spectrogram(new Float32Array(SETTINGS.length)))).toEqual(new Set([-1]));
    expect(framesOf(SETTINGS)).toBe(49);
  });
});

describe('PowerSpectrum', () => {
  it('is the square of the discrete Fourier transform', () => {
    const frame = Float64Array.of(1, -2, 3, 0.5, 0, 4, -1, 2);
    const expected = Array.from({ length: 5 }, (_, k) => {
      const part = (turn: (angle: number) => number) =>
        frame.reduce((sum, value, n) => sum + value * turn((2 * Math.PI * k * n) / 8), 0);
      return part(Math.cos) ** 2 + part(Math.sin) ** 2;
    });
    new PowerSpectrum(8).of(frame).forEach((value, k) => expect(value).toBeCloseTo(expected[k]!, 10));
  });
});
