import { RandomStream } from '@headstart/core';
import { expect, it } from 'vitest';
import { normalCells, simulatedCells, strategyName, type Simulation } from './simulated-benchmark.ts';
import { countVerdicts, DELTA } from './verdict-counts.ts';

// `npm run measure -- false-verdicts` is the long form, of a thousand benchmarks of each kind.
const BENCHMARKS = 50;
/** More of fifty at a rate of 5 % have a probability of 0.0002: they would not be chance. */
const MOST_WRONG = 9;
const plain: Simulation = { domains: 4, strategies: 3, seeds: 5, items: 60 };

it.each<[string, Partial<Simulation>]>([
  ['items', {}],
  ['few items and many ties', { items: 12, seeds: 8 }],
  ['resampled splits', { items: 20, resampledFrom: 100 }],
  ['trainings that fail and trainings that are the same', { collapse: 0.1, copies: 0.5 }],
])('%s: identical strategies are seldom called different', async (name, changed) => {
  const random = new RandomStream('false-verdicts').child(name);
  const counts = await countVerdicts(
    BENCHMARKS,
    (index) => simulatedCells({ ...plain, ...changed }, random.child(index)),
    ({ verdict }) => verdict === 'better' || verdict === 'worse',
  );
  expect(counts.comparisons).toBe(8 * BENCHMARKS);
  expect(counts.wrongBenchmarks).toBeLessThanOrEqual(MOST_WRONG);
});

it('three seeds get no verdict', async () => {
  const random = new RandomStream('three-seeds');
  const cells = (index: number) => simulatedCells({ ...plain, seeds: 3 }, random.child(index));
  const counts = await countVerdicts(20, cells, ({ p }) => p !== null);
  expect(counts.kinds).toEqual({
    better: 0,
    worse: 0,
    equivalent: 0,
    undecided: 0,
    'too-few-seeds': counts.comparisons,
  });
  expect(counts.wrong).toBe(0);
});

it('a lead is found, and is called worse by none', async () => {
  const random = new RandomStream('lead');
  const cells = (index: number) => simulatedCells({ ...plain, seeds: 10, items: 200, lead: 0.75 }, random.child(index));
  const found = { better: 0, worse: 0, equivalent: 0, undecided: 0, 'too-few-seeds': 0 };
  await countVerdicts(20, cells, ({ a, verdict }) => {
    if (a === strategyName(2)) found[verdict]++;
    return false;
  });
  expect(found.better).toBeGreaterThan(0.9 * 20 * plain.domains);
  expect(found.worse + found.equivalent).toBe(0);
});

it('strategies that differ by delta are called equivalent in 5 % of benchmarks at most, and equal ones mostly', async () => {
  const random = new RandomStream('equivalence');
  const equivalents = async (difference: number, isWrong: boolean) => {
    const cells = (index: number) =>
      normalCells({ ...plain, seeds: 10 }, { difference, deviation: 0.004 }, random.child(difference, index));
    const counts = await countVerdicts(BENCHMARKS, cells, ({ verdict }) => verdict === 'equivalent');
    return isWrong ? counts.wrongBenchmarks : counts.kinds.equivalent / counts.comparisons;
  };
  expect(await equivalents(DELTA, true)).toBeLessThanOrEqual(MOST_WRONG);
  expect(await equivalents(0, false)).toBeGreaterThan(0.9);
});
