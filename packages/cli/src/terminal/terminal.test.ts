import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { formatAmount, formatDuration, formatMetric } from './format.ts';
import { barLine } from './progress-bars.ts';
import { table, wrap } from './table.ts';

const plain = pc.createColors(false);

describe('barLine', () => {
  it('shows share, amount, rate and time left', () => {
    // 300 of 1200 in 10 s: 30/s, so 900 more take 30 s; 5 of 20 cells are full.
    const line = barLine(
      { work: { label: 'features', total: 1200, unit: 'images' }, started: 5000 },
      300,
      79,
      plain,
      15_000,
    );
    expect(line).toBe(`features      ${'█'.repeat(5)}${'░'.repeat(15)}   25%  300/1200 images  30/s  30 s left`);
  });

  it('counts bytes in megabytes and needs no total', () => {
    const line = barLine({ work: { label: 'weights', unit: 'bytes' }, started: 0 }, 7_500_000, 79, plain, 3000);
    expect(line).toBe('weights       7.5 MB  2.5 MB/s');
  });

  it('stays within the terminal', () => {
    const work = { label: 'a label that is much longer than there is room for', total: 5, unit: 'samples' } as const;
    // 22 columns of label, 2 + 20 + 2 of bar: 33 columns are left of 79, 18 of 64, 6 of 52.
    const lines = [52, 64, 79].map((width) =>
      barLine({ work, started: 0, note: 'n'.repeat(90) }, 2, width, plain, 9000),
    );
    expect(lines.map((line) => line.slice(22))).toEqual([
      '  ████████░░░░░░░░░░░░   40%',
      '  ████████░░░░░░░░░░░░   40%  2/5 samples',
      '  ████████░░░░░░░░░░░░   40%  2/5 samples  14 s left',
    ]);
  });
});

describe('table', () => {
  it('lines columns up and wraps the last one at words', () => {
    expect(
      table(
        [{ title: 'name' }, { title: 'n', align: 'right' }, { title: 'text' }],
        [
          ['a', '10', 'one two three four five'],
          ['bcdef', '7', 'x'],
        ],
        31,
      ),
    ).toEqual(['name    n  text', 'a      10  one two three four', '           five', 'bcdef   7  x']);
  });

  it('keeps a word that is longer than the line', () => {
    expect(wrap('ab abcdefghij c', 5)).toEqual(['ab', 'abcdefghij', 'c']);
  });
});

describe('formats', () => {
  it('says durations and amounts for people', () => {
    expect([0.04, 9.94, 9.96, 59.4, 59.6, 185, 3599.6, 3720].map(formatDuration)).toEqual([
      '0.0 s',
      '9.9 s',
      '10 s',
      '59 s',
      '1 min 00 s',
      '3 min 05 s',
      '1 h 00 min',
      '1 h 02 min',
    ]);
    expect(formatAmount(1_500_000, 'bytes', 3_000_000)).toBe('1.5/3.0 MB');
    expect(formatAmount(12.34)).toBe('12.3');
    expect(formatMetric(0.5)).toBe('0.5000');
    expect(formatMetric(12)).toBe('12');
  });
});
