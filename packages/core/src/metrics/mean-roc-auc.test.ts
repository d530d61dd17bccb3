import { describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { meanRocAuc } from './mean-roc-auc.ts';
import { onceEach } from './resamples.ts';
import { bootstrapIntervals, valuesOf, type Resampled } from './resampling.ts';

/** Scores that say something of the class, in steps so that many tie. */
function drawn(samples: number, columns: number, seed: string) {
  const random = new RandomStream(seed);
  const truth = Array.from({ length: samples }, () => random.int(columns));
  const scores = Float32Array.from({ length: samples * columns }, (_, place) => {
    const own = truth[Math.floor(place / columns)] === place % columns;
    return (random.int(40) + (own ? 12 : 0)) / 64;
  });
  return { scores, isPositive: (place: number) => truth[Math.floor(place / columns)] === place % columns };
}

const EXACT = Infinity;

/** By how much a number changes with a sample's weight: of many of each, one more of that. */
function derivative(number: Resampled, samples: number, more: number): number {
  const many = 10_000;
  const counts = new Int32Array(samples).fill(many);
  const [before] = valuesOf(number, { samples, draws: 1, counts });
  counts[more]!++;
  const [after] = valuesOf(number, { samples, draws: 1, counts });
  return many * (after! - before!);
}

describe('the mean area under ROC curves', () => {
  it.each([
    [60, 3],
    [200, 40],
    // Draws are without some of the columns: of one or two samples each.
    [300, 200],
    [400, 400],
    // In one column negatives are rarer.
    [200, 2],
  ])('of %i samples in %i columns is the same where it is approximated, and so is its spread', (samples, columns) => {
    const { scores, isPositive } = drawn(samples, columns, `auc ${columns}`);
    const [exact, linear] = [EXACT, 0].map((most) => meanRocAuc(scores, isPositive, columns, most)) as [never, never];
    const [one] = valuesOf(exact, onceEach(samples));
    expect(valuesOf(linear, onceEach(samples))[0]).toBeCloseTo(one!, 12);
    const intervals = bootstrapIntervals(samples, { exact, linear });
    const width = intervals.exact![1] - intervals.exact![0];
    for (const end of [0, 1])
      expect(Math.abs(intervals.linear![end]! - intervals.exact![end]!)).toBeLessThan(width / 8);
  });

  it('changes with the weight of a sample as the area does, to first order', () => {
    const [samples, columns] = [50, 4];
    const { scores, isPositive } = drawn(samples, columns, 'influence');
    const [exact, linear] = [EXACT, 0].map((most) => meanRocAuc(scores, isPositive, columns, most)) as [never, never];
    for (const more of [0, 7, 23, 49])
      expect(derivative(linear, samples, more)).toBeCloseTo(derivative(exact, samples, more), 4);
  });

  it('has the variance that DeLong, DeLong and Clarke-Pearson (1988) have, for one column', () => {
    const samples = 400;
    const random = new RandomStream('delong');
    const positive = Array.from({ length: samples }, (_, i) => i % 3 === 0);
    const scores = Float32Array.from(positive, (own) => random.int(1000) / 1000 + (own ? 0.3 : 0));
    const linear = meanRocAuc(scores, (place) => positive[place]!, 1, 0);
    const above = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
    const [p, n] = [true, false].map((kind) => Array.from(scores).filter((_, i) => positive[i] === kind)) as [
      number[],
      number[],
    ];
    const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
    const variance = (list: readonly number[]) => mean(list.map((x) => (x - mean(list)) ** 2));
    const ofPositives = p.map((x) => mean(n.map((y) => above(x, y))));
    const ofNegatives = n.map((y) => mean(p.map((x) => above(x, y))));
    const expected = variance(ofPositives) / p.length + variance(ofNegatives) / n.length;
    // A sample's count is nearly Poisson: the variance of the sum of counts times influences is the sum of their squares.
    const [base] = valuesOf(linear, onceEach(samples));
    let sum = 0;
    for (let i = 0; i < samples; i++) sum += derivative(linear, samples, i) ** 2;
    expect(sum / expected).toBeCloseTo(1, 3);
    expect(base).toBeCloseTo(mean(ofPositives), 9);
  });

  it('is never outside of what an area can be, however near it is', () => {
    const truth = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const scores = Float32Array.from([0.9, 0.5, 0.6, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]);
    for (const [turned, end] of [
      [false, 1],
      [true, 0],
    ] as const) {
      const linear = meanRocAuc(turned ? scores.map((x) => 1 - x) : scores, (place) => truth[place] === 1, 1, 0);
      const { linear: interval } = bootstrapIntervals(truth.length, { linear });
      expect(turned ? interval![0] : interval![1]).toBe(end);
    }
  });

  it('leaves columns without samples of either kind out, and is NaN where none has both', () => {
    const scores = Float32Array.of(0.9, 0.1, 0.5, 0.2, 0.8, 0.5, 0.3, 0.7, 0.5);
    // Of three columns, the first has one of three, the second two, the third none.
    const given = [1, 0, 0, 0, 1, 0, 0, 1, 0];
    for (const most of [EXACT, 0]) {
      const of = (positive: (place: number) => boolean) =>
        valuesOf(meanRocAuc(scores, positive, 3, most), onceEach(3))[0];
      expect(of((place) => given[place] === 1)).toBeCloseTo(1, 12);
      expect(of(() => false)).toBeNaN();
      expect(of(() => true)).toBeNaN();
    }
  });
});
