import type { Resampled } from '@headstart/core/metrics';
import { describe, expect, it } from 'vitest';
import { scoredCells } from '../testing/scored-cells.ts';
import { equivalenceP, hedgesGz, mcnemarP, pairedInterval, pairedT } from '@headstart/core/statistics';
import { holm } from './holm.ts';
import { signFlipP } from './sign-tests.ts';
import { verdictsOf, type VerdictOptions } from './verdicts.ts';

const options: VerdictOptions = {
  baseline: 'linear-probe',
  metrics: { 'text-classification': { name: 'accuracy', better: 'higher' } },
  alpha: 0.05,
  delta: 0.01,
};
const PROBE = [0.712, 0.698, 0.731, 0.705, 0.722, 0.69];
const less = (...losses: number[]) => PROBE.map((score, i) => score - losses[i]!);
const WORSE = [0.051, 0.049, 0.054, 0.05, 0.047, 0.052];
const NOISE = [0.02, -0.018, 0.011, -0.009, 0.017, -0.016];
const NEAR = [0.0008, -0.0006, 0.0005, 0.0002, -0.0007, 0.0001];

describe('verdicts over seeds', () => {
  it('tell worse, equivalent and undecided apart, corrected together', async () => {
    const verdicts = await verdictsOf(
      [
        ...scoredCells('linear-probe', PROBE),
        ...scoredCells('contrastive', less(...WORSE)),
        ...scoredCells('lora', less(...NEAR)),
        ...scoredCells('lp-ft', less(...NOISE)),
      ],
      options,
    );
    expect(verdicts.map(({ a, b, verdict }) => [a, b, verdict])).toEqual([
      ['contrastive', 'linear-probe', 'worse'],
      ['lora', 'linear-probe', 'equivalent'],
      ['lp-ft', 'linear-probe', 'undecided'],
    ]);
    const differences = [WORSE, NEAR, NOISE].map((losses) => less(...losses).map((score, i) => score - PROBE[i]!));
    expect(verdicts.map(({ p }) => p)).toEqual(differences.map((each) => pairedT(each).p));
    expect(verdicts.map(({ pCorrected }) => pCorrected)).toEqual(holm(differences.map((each) => pairedT(each).p)));
    expect(verdicts.map(({ pEquivalent }) => pEquivalent)).toEqual(
      holm(differences.map((each) => equivalenceP(each, 0.01))),
    );
    const [first] = verdicts;
    expect(first).toMatchObject({
      on: 'minilm: amazon → imdb, 8 shots per class',
      metric: 'accuracy',
      interval: pairedInterval(differences[0]!, 0.95),
      effect: hedgesGz(differences[0]!),
      pExact: signFlipP(differences[0]!),
      family: 'all 3 comparisons of this benchmark (with linear-probe)',
      seeds: 6,
      negativeTransfer: true,
      notes: [],
    });
    expect(first!.difference).toBeCloseTo(-0.0505, 12);
    expect(verdicts[2]!.moreSeeds).toBeGreaterThan(0);
    expect(verdicts[2]!.negativeTransfer).toBe(false);
  });

  it('are turned round where less is better', async () => {
    const cells = [...scoredCells('linear-probe', PROBE), ...scoredCells('contrastive', less(...WORSE))];
    const metrics = { 'text-classification': { name: 'accuracy', better: 'lower' } } as const;
    expect(await verdictsOf(cells, { ...options, metrics })).toMatchObject([
      { verdict: 'better', negativeTransfer: false },
    ]);
  });

  it('are not given on three or four seeds, however far apart the scores are', async () => {
    for (const count of [1, 3, 4]) {
      const cells = [
        ...scoredCells('linear-probe', PROBE.slice(0, count)),
        ...scoredCells('contrastive', less(...WORSE).slice(0, count)),
      ];
      const [verdict] = await verdictsOf(cells, options);
      expect(verdict).toMatchObject({
        verdict: 'too-few-seeds',
        p: null,
        interval: null,
        seeds: count,
        moreSeeds: 5 - count,
      });
      expect(verdict!.difference).toBeCloseTo(count === 1 ? -0.051 : count === 3 ? -0.154 / 3 : -0.051, 10);
    }
  });

  it('are not given where every seed has the same difference, which is said', async () => {
    const cells = [
      ...scoredCells('linear-probe', PROBE),
      ...scoredCells('lora', less(0.02, 0.02, 0.02, 0.02, 0.02, 0.02)),
    ];
    const [verdict] = await verdictsOf(cells, options);
    expect(verdict).toMatchObject({
      verdict: 'too-few-seeds',
      p: null,
      notes: ['The difference is the same in all 6 seeds: there is no spread to test it against.'],
    });
    expect(verdict).not.toHaveProperty('moreSeeds');
  });

  it('leave out seeds of which one side failed or is missing, and say so', async () => {
    const [verdict] = await verdictsOf(
      [
        ...scoredCells('linear-probe', [null, ...PROBE.slice(1)]),
        ...scoredCells('contrastive', [...less(...WORSE).slice(0, 5), undefined]),
      ],
      options,
    );
    expect(verdict).toMatchObject({
      verdict: 'too-few-seeds',
      seeds: 4,
      moreSeeds: 1,
      notes: ['Left out: seed 0, where linear-probe failed; seed 5, where contrastive was not run.'],
    });
  });

  it('have no difference where no seed has both sides', async () => {
    const cells = [
      ...scoredCells('linear-probe', PROBE),
      ...scoredCells(
        'contrastive',
        PROBE.map(() => null),
      ),
    ];
    expect(await verdictsOf(cells, options)).toMatchObject([
      { verdict: 'too-few-seeds', difference: null, moreSeeds: 5 },
    ]);
  });

  it('correct the variance where each seed has a split of its own', async () => {
    const resampled = { resampled: { test: 200, train: 800 } };
    const cells = [
      ...scoredCells('linear-probe', PROBE, {}, resampled),
      ...scoredCells('lora', less(...NOISE), {}, resampled),
    ];
    const [verdict] = await verdictsOf(cells, options, () => Promise.reject(new Error('No items are the same.')));
    const differences = less(...NOISE).map((score, i) => score - PROBE[i]!);
    expect(verdict!.p).toBe(pairedT(differences, 0.25).p);
    expect(verdict!.interval).toEqual(pairedInterval(differences, 0.95, 0.25));
    expect(verdict!.notes[0]).toContain('Nadeau and Bengio');
    expect(verdict).not.toHaveProperty('items');
  });
});

describe('what is compared with what', () => {
  const pairsOf = async (...cells: Parameters<typeof verdictsOf>[0][]) =>
    (await verdictsOf(cells.flat(), { ...options, baseline: 'lora' })).map(
      ({ a, b, at, notes, negativeTransfer }) =>
        [a, b, at.adapt, notes.length, negativeTransfer !== undefined] as const,
    );

  it('each two once, from scratch and the probe as what is not to be fallen below', async () => {
    const scores = [PROBE, less(...WORSE), less(...NOISE), less(...NEAR)];
    const cells = ['lora', 'from-scratch', 'linear-probe', 'lp-ft'].flatMap((name, i) => scoredCells(name, scores[i]!));
    expect((await pairsOf(cells)).map(([a, b, , , negative]) => [a, b, negative])).toEqual([
      ['lora', 'from-scratch', true],
      ['lora', 'linear-probe', true],
      ['linear-probe', 'from-scratch', true],
      ['lp-ft', 'lora', false],
      ['lp-ft', 'from-scratch', true],
      ['lp-ft', 'linear-probe', true],
    ]);
  });

  it('what adapts with what does not, and with training from scratch under another source', async () => {
    expect(
      await pairsOf(
        scoredCells('dann', less(...NOISE), { adapt: 'yelp' }),
        scoredCells('linear-probe', PROBE),
        scoredCells('from-scratch', less(...WORSE), { source: 'small-bert' }),
      ),
    ).toEqual([
      ['dann', 'from-scratch', 'yelp', 2, true],
      ['dann', 'linear-probe', 'yelp', 1, true],
      ['linear-probe', 'from-scratch', null, 1, true],
    ]);
  });

  it('nothing across sources, shots or test domains', async () => {
    expect(
      await pairsOf(
        scoredCells('linear-probe', PROBE, { source: 'e5' }),
        scoredCells('dann', PROBE, { shots: 'all' }),
        scoredCells('dann', PROBE, { test: 'yelp' }),
      ),
    ).toEqual([]);
  });
});

describe('the noise of the test items', () => {
  /** Item i is right under a method and a seed. */
  const right = (share: number, seed: number) =>
    Float64Array.from({ length: 400 }, (_, i) => +((i * 7 + seed) % 400 < share * 400));
  const itemsOf =
    (changed: { key?: string; graded?: boolean } = {}) =>
    (cell: ReturnType<typeof scoredCells>[number]) => {
      const scores = right(cell.coordinates.strategy === 'lora' ? 0.75 : 0.7, cell.coordinates.seed);
      const graded = changed.graded ? scores.map((score) => score / 2) : scores;
      const resampled: Resampled = (counts) => counts.reduce((sum, times, i) => sum + times * graded[i]!, 0) / 400;
      const key = cell.coordinates.seed === 2 ? (changed.key ?? 'same') : 'same';
      return Promise.resolve({ key, count: 400, scores: graded, resampled });
    };
  const cells = [...scoredCells('linear-probe', PROBE), ...scoredCells('lora', less(...NOISE))];

  it('is the interval of resampled items, and McNemar’s test with each item once', async () => {
    const [verdict] = await verdictsOf(cells, options, itemsOf());
    const { interval, p, count } = verdict!.items!;
    // In every seed exactly 20 items are right with one method only: the difference is 0.05 ± 1.96 √(0.05 · 0.95 / 400).
    const half = 1.96 * Math.sqrt((0.05 * 0.95) / 400);
    expect(interval[0]).toBeCloseTo(0.05 - half, 2);
    expect(interval[1]).toBeCloseTo(0.05 + half, 2);
    expect(count).toBe(400);
    // Items 280 … 299 (times 7, modulo 400) less the seed: 25 differ in one seed or another, all for one side.
    expect(p).toBe(mcnemarP(25, 0));
  });

  it('has no McNemar where items are right by degrees, and nothing where items differ between cells', async () => {
    const [graded] = await verdictsOf(cells, options, itemsOf({ graded: true }));
    expect(graded!.items).toMatchObject({ p: null, count: 400 });
    const [other] = await verdictsOf(cells, options, itemsOf({ key: 'other' }));
    expect(other).not.toHaveProperty('items');
    const [unread] = await verdictsOf(cells, options, () => Promise.resolve(undefined));
    expect(unread).not.toHaveProperty('items');
  });
});
