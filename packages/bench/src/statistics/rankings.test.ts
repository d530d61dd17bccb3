import { describe, expect, it } from 'vitest';
import { scoredCells } from '../testing/scored-cells.ts';
import { criticalDifference, friedman } from './friedman.ts';
import { rankingsOf } from './rankings.ts';
import { wilcoxonP } from './sign-tests.ts';

const options = {
  metrics: {
    'text-classification': { name: 'accuracy', better: 'higher' },
    'object-detection': { name: 'loss', better: 'lower' },
  },
  alpha: 0.05,
} as const;

const TABLE = [
  [0.91, 0.88, 0.9, 0.6],
  [0.75, 0.7, 0.76, 0.4],
  [0.62, 0.61, 0.6, 0.35],
  [0.83, 0.8, 0.84, 0.59],
  [0.55, 0.5, 0.53, 0.32],
  [0.97, 0.95, 0.96, 0.64],
  [0.71, 0.64, 0.7, 0.49],
];
const NAMES = ['lora', 'lp-ft', 'linear-probe', 'from-scratch'];
/** A domain per row, two seeds around each score. */
const cellsOf = (table: readonly (readonly number[])[], names = NAMES) =>
  table.flatMap((row, domain) =>
    row.flatMap((score, i) => scoredCells(names[i]!, [score + 0.01, score - 0.01], { test: `domain-${domain}` })),
  );

describe('rankings over domains', () => {
  it('have Friedman’s test, mean ranks, and groups less than the critical difference apart', () => {
    const [ranking, ...others] = rankingsOf(cellsOf(TABLE), options);
    expect(others).toEqual([]);
    const { meanRanks, p } = friedman(TABLE);
    const apart = criticalDifference(4, 7, 0.05);
    expect(ranking).toMatchObject({ on: 'text-classification', metric: 'accuracy', apart, notes: [] });
    expect(ranking!.p).toBeCloseTo(p, 10);
    // Mean ranks 9/7, 20/7, 13/7, 4, and 1.77 between those that differ: only the first and third differ from the last.
    expect(ranking!.entries.map(({ strategy, groups }) => [strategy, groups])).toEqual([
      ['lora', [0]],
      ['linear-probe', [0]],
      ['lp-ft', [0, 1]],
      ['from-scratch', [1]],
    ]);
    ranking!.entries.forEach(({ rank, strategy }) => expect(rank).toBeCloseTo(meanRanks[NAMES.indexOf(strategy)]!, 12));
    expect(ranking!.entries[0]!.mean).toBeCloseTo(5.34 / 7, 12);
  });

  it('have one group where Friedman’s test finds nothing, and mean ranks for ties', () => {
    const alike = TABLE.map(() => [0.5, 0.5, 0.5]);
    const [ranking] = rankingsOf(cellsOf(alike, NAMES.slice(0, 3)), options);
    expect(ranking!.entries.map(({ rank, groups }) => [rank, groups])).toEqual([
      [2, [0]],
      [2, [0]],
      [2, [0]],
    ]);
    expect(ranking!.p).toBe(1);
    expect(ranking!.notes).toEqual(['No difference between the strategies is shown: all are one group.']);
  });

  it('are not tested on fewer than five domains, which is said', () => {
    const [ranking] = rankingsOf(cellsOf(TABLE.slice(0, 4)), options);
    expect(ranking).toMatchObject({
      p: null,
      apart: null,
      notes: ['4 domains are too few to tell whether ranks differ: 5 are needed.'],
    });
    expect(ranking!.entries.every(({ groups }) => groups.length === 0)).toBe(true);
  });

  it('of two strategies have Wilcoxon’s test over domains, from six on', () => {
    const two = TABLE.map(([a, b]) => [a!, b!]);
    const [ranking] = rankingsOf(cellsOf(two, NAMES.slice(0, 2)), options);
    expect(ranking!.p).toBeCloseTo(wilcoxonP(two.map(([a, b]) => a! - b!)), 12);
    expect(ranking!.entries.map(({ groups }) => groups)).toEqual([[0], [1]]);
    expect(rankingsOf(cellsOf(two.slice(0, 5), NAMES.slice(0, 2)), options)[0]!.p).toBeNull();
  });

  it('over all tasks take ranks only, each by its metric', () => {
    const texts = cellsOf(TABLE.slice(0, 4));
    const boxes = cellsOf(TABLE.slice(4).map((row) => row.map((score) => 1 - score))).map((cell) => ({
      ...cell,
      task: 'object-detection',
      coordinates: { ...cell.coordinates, test: `boxes-${cell.coordinates.test}` },
      metrics: { loss: cell.metrics['accuracy']! },
    }));
    const rankings = rankingsOf([...texts, ...boxes], options);
    expect(rankings.map(({ on, domains }) => [on, domains.length])).toEqual([
      ['text-classification', 4],
      ['object-detection', 3],
      ['all tasks', 7],
    ]);
    expect(rankings[2]!.p).toBeCloseTo(friedman(TABLE).p, 10);
    expect(rankings[2]!.entries[0]).toMatchObject({ strategy: 'lora', mean: null });
    expect(rankings[1]!.entries[0]!.mean).toBeCloseTo(1 - 2.23 / 3, 12);
  });

  it('average what all share of a domain, and leave out who shares none', () => {
    const [ranking] = rankingsOf(
      [
        ...scoredCells('linear-probe', [0.9], { shots: 8 }),
        ...scoredCells('linear-probe', [0.1], { shots: 16 }),
        ...scoredCells('dann', [0.8], { adapt: 'yelp' }),
        ...scoredCells('dann', [0.9], { adapt: 'amazon' }),
        ...scoredCells('from-scratch', [0.7], { source: 'small-bert' }),
        ...scoredCells('lora', [0.7], { test: 'other' }),
      ],
      options,
    );
    expect(ranking!.domains).toEqual(['imdb']);
    const means = ranking!.entries.map(({ strategy, mean }) => [strategy, mean] as const);
    expect(means).toEqual([
      ['linear-probe', 0.9],
      ['dann', expect.closeTo(0.85, 12)],
      ['from-scratch', 0.7],
    ]);
    expect(ranking!.notes[0]).toBe('Not ranked, as they share no domain with the others: lora.');
  });
});
