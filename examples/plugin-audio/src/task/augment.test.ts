import { RandomStream } from '@headstart/core';
import { describe, expect, it } from 'vitest';
import { SETTINGS } from '../features/log-mel.ts';
import { alterSound, maskSpectrogram } from './augment.ts';

describe('augmentation', () => {
  it('moves a clip by at most a tenth of a second and lays noise over it, by its stream', () => {
    const click = new Float32Array(1000);
    click[500] = 1;
    const altered = alterSound(click, 1000, new RandomStream('a'));
    expect(altered).toEqual(alterSound(click, 1000, new RandomStream('a')));
    expect(altered).not.toEqual(alterSound(click, 1000, new RandomStream('b')));
    const loudest = altered.indexOf(Math.max(...altered));
    expect(Math.abs(loudest - 500)).toBeLessThanOrEqual(100);
    // The noise's root mean square is at most 0.3 of the clip's, which is √(1 / 1000).
    const rest = altered.filter((_, i) => i !== loudest);
    expect(Math.sqrt(rest.reduce((sum, value) => sum + value * value, 0) / 1000)).toBeLessThan(
      0.31 * Math.sqrt(1 / 1000),
    );
  });

  it('hides bands of time and of frequency, and nothing else', () => {
    const { mels } = SETTINGS;
    const ones = new Float32Array(49 * mels).fill(1);
    const masked = maskSpectrogram(ones, SETTINGS, new RandomStream('mask'));
    const hidden = (row: number, column: number) => masked[row * mels + column] === -1;
    const rows = Array.from({ length: 49 }, (_, row) => row).filter((row) =>
      Array.from({ length: mels }, (_, i) => hidden(row, i)).every(Boolean),
    );
    const columns = Array.from({ length: mels }, (_, column) => column).filter((column) =>
      Array.from({ length: 49 }, (_, i) => hidden(i, column)).every(Boolean),
    );
    expect(rows.length + columns.length).toBeGreaterThan(0);
    expect(rows.length).toBeLessThanOrEqual(16);
    expect(columns.length).toBeLessThanOrEqual(12);
    masked.forEach((value, i) =>
      expect(value).toBe(rows.includes(Math.floor(i / mels)) || columns.includes(i % mels) ? -1 : 1),
    );
    expect(ones.every((value) => value === 1)).toBe(true);
  });
});
