import { describe, expect, it } from 'vitest';
import { balancedAccuracyOf, classTotals, macroF1Of } from './class-totals.ts';
import { classificationReport } from './classification-evaluator.ts';
import { confidenceIntervals } from './confidence-intervals.ts';
import { multiLabelMetrics } from './multi-label-metrics.ts';
import { resampledShare, type Interval } from './resampling.ts';

const Z = 1.959963984540054;

describe('intervals of few samples', () => {
  it('of six that are all right begin at 6 / (6 + z²) for the accuracy; what resampling cannot say is left out', () => {
    const probabilities = Float32Array.from([0, 1, 0, 1, 0, 1].flatMap((own) => (own === 0 ? [0.9, 0.1] : [0.2, 0.8])));
    const truth = Int32Array.of(0, 1, 0, 1, 0, 1);
    const evidence = { labels: ['a', 'b'], probabilities, truth };
    const { values, details } = classificationReport(evidence, undefined, { intervals: true });
    const { accuracy, nll, ...others } = details!['intervals'] as Record<string, Interval>;
    expect(values['accuracy']).toBe(1);
    // Wilson's lower end of n in n: n / (n + z²).
    expect(accuracy![0]).toBeCloseTo(6 / (6 + Z * Z), 12);
    expect(accuracy![1]).toBe(1);
    expect(nll![0]).toBeLessThan(nll![1]);
    // Draws of one class alone, 1 in 32, have no correlation to speak of: 0.
    expect(others).toEqual({ mcc: [0, 1] });
  });

  it('of none right end at z² / (n + z²), and one sample has one, too', () => {
    const none = resampledShare(new Uint8Array(6));
    expect(confidenceIntervals(6, { none }).none![1]).toBeCloseTo((Z * Z) / (6 + Z * Z), 12);
    const one = resampledShare(Uint8Array.of(1));
    expect(confidenceIntervals(1, { one }).one).toEqual([expect.closeTo(1 / (1 + Z * Z), 12), 1]);
    expect(confidenceIntervals(1, { one: resampledShare(Uint8Array.of(1), Uint8Array.of(0)) })).toEqual({});
  });
});

describe("scikit-learn's documented examples", () => {
  it('f1_score: macro over labels of truth and prediction, 0 where one has no hit', () => {
    const totals = classTotals(Int32Array.of(0, 1, 2, 0, 1, 2), Int32Array.of(0, 2, 1, 0, 0, 1), 4);
    expect(macroF1Of(totals)[0]).toBeCloseTo(0.8 / 3, 12); // printed as 0.267
  });

  it('balanced_accuracy_score: 0.625, whatever classes are absent', () => {
    const totals = classTotals(Int32Array.of(0, 1, 0, 0, 1, 0), Int32Array.of(0, 1, 0, 0, 0, 1), 3);
    expect(balancedAccuracyOf(totals)[0]).toBe(0.625);
  });

  it('f1_score of several labels: 2/3, 1, 2/3; one that is nowhere counts as 0 (zero_division)', () => {
    const truth = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0);
    const probabilities = Float32Array.of(0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0, 0);
    const evidence = { labels: ['a', 'b', 'c', 'nowhere'], truth, probabilities };
    const macroF1 = multiLabelMetrics.find(({ id }) => id === 'macroF1')!;
    expect(macroF1.compute(evidence)).toBeCloseTo((2 / 3 + 1 + 2 / 3 + 0) / 4, 12);
  });
});
