import { expect, it } from 'vitest';
import { bestThresholds } from './label-thresholds.ts';
import { multiLabelMetrics } from './multi-label-metrics.ts';

// Label a: carried by .4 and .3, not by .35 and .1: F1 is 2/3 from .4, 1/2 from .35, 4/5 from .3. Label b: carried from .7
// on. Label c: by none.
const labels = ['a', 'b', 'c'];
const probabilities = Float32Array.of(0.4, 0.9, 0.8, 0.35, 0.7, 0.1, 0.3, 0.2, 0.1, 0.1, 0.1, 0.9);
const truth = Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0);

it('is half way between the probabilities where F1 is best, one half where that is as good or nothing tells', () => {
  const thresholds = bestThresholds({ labels, probabilities, truth });
  expect(thresholds[0]).toBeCloseTo(0.2, 6); // between .1 and .3
  expect(thresholds.slice(1)).toEqual([0.5, 0.5]);
});

it('is what metrics go by', () => {
  const macroF1 = multiLabelMetrics.find(({ id }) => id === 'macroF1')!;
  expect(macroF1.compute({ labels, probabilities, truth })).toBeCloseTo((0 + 1 + 0) / 3, 12);
  const thresholds = bestThresholds({ labels, probabilities, truth });
  expect(macroF1.compute({ labels, probabilities, truth, thresholds })).toBeCloseTo((4 / 5 + 1 + 0) / 3, 12);
});
