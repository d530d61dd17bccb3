import { describe, expect, it } from 'vitest';
import { checkLogits, checkLosses } from './equality.ts';
import { reached } from './report.ts';
import { summarise } from './statistics.ts';

describe('summarise', () => {
  it('gives the middle value, or the mean of the two in the middle, and both ends', () => {
    expect(summarise([3, 1, 10])).toEqual({ median: 3, least: 1, most: 10 });
    expect(summarise([4, 1, 2, 9])).toEqual({ median: 3, least: 1, most: 9 });
    expect(() => summarise([])).toThrow(RangeError);
  });
});

describe('reached', () => {
  it('is the first epoch at 95 % of the final accuracy', () => {
    const history = [0.5, 0.75, 0.77, 0.74, 0.8].map((accuracy, i) => ({ accuracy, milliseconds: 1000 * (i + 1) }));
    expect(reached(history, 0.8)).toEqual({ epoch: 3, seconds: 3 });
    expect(reached(history.slice(0, 2), 0.8)).toBeUndefined();
  });
});

describe('the equality gate', () => {
  it('lets rounding pass and names who computes something else', () => {
    expect(checkLogits('Peer', Float32Array.of(1, -8), Float32Array.of(1.00001, -8))).toBeCloseTo(1e-5, 6);
    expect(() => checkLogits('Peer', Float32Array.of(1, -8), Float32Array.of(1.001, -8))).toThrow(/Peer/);
    expect(() => checkLogits('Peer', Float32Array.of(1), Float32Array.of(1, 2))).toThrow(/Peer/);
    expect(() => checkLogits('Peer', Float32Array.of(1), Float32Array.of(NaN))).toThrow(/Peer/);
  });

  it('holds the first losses to ours tightly and the last one loosely', () => {
    const { first, second, last } = checkLosses('Peer', [2, 1.5, 1], [2.00001, 1.5004, 1.02]);
    expect(first).toBeCloseTo(1e-5, 7);
    expect(second).toBeCloseTo(4e-4, 7);
    expect(last).toBeCloseTo(0.02, 7);
    expect(() => checkLosses('Peer', [2, 1.5, 1], [2.001, 1.5, 1])).toThrow(/Peer.*first/);
    expect(() => checkLosses('Peer', [2, 1.5, 1], [2, 1.51, 1])).toThrow(/Peer.*second/);
    expect(() => checkLosses('Peer', [2, 1.5, 1], [2, 1.5, 1.5])).toThrow(/Peer.*last/);
    expect(() => checkLosses('Peer', [2, 1.5, 1], [2, 1.5, NaN])).toThrow(/Peer/);
    expect(() => checkLosses('Peer', [2, 1.5, 1], [2, 1.5])).toThrow(/Peer/);
  });
});
