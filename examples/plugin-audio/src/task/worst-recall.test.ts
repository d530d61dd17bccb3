import { expect, it } from 'vitest';
import { worstRecall } from './worst-recall.ts';

it('is the recall of the class that is recognised worst, of those that occur', () => {
  const probabilities = Float32Array.of(0.8, 0.2, 0, 0.4, 0.6, 0, 0.3, 0.7, 0);
  const evidence = { labels: ['a', 'b', 'c'], probabilities, truth: Int32Array.of(0, 0, 1) };
  expect(worstRecall.compute(evidence)).toBe(0.5);
});
