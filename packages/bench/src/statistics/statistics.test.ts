import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  equivalenceP,
  fUpperTail,
  incompleteBeta,
  logGamma,
  mcnemarP,
  normalCdf,
  normalQuantile,
  pairedInterval,
  pairedT,
  tQuantile,
  tUpperTail,
  wilsonInterval,
} from '@headstart/core/statistics';
import { criticalDifference, friedman } from './friedman.ts';
import { holm } from './holm.ts';
import { differencePower, equivalencePower, seedsNeeded, type Supposed } from './power.ts';
import { midranks, tieGroups } from './ranks.ts';
import { signFlipP, wilcoxonP } from './sign-tests.ts';
import { nemenyiConstant, rangeUpperTail } from './studentised-range.ts';

type Rows = readonly (readonly number[])[];

/** Values of SciPy and statsmodels; the file names their versions. */
const reference = JSON.parse(readFileSync(new URL('fixtures/scipy.json', import.meta.url), 'utf8')) as {
  readonly [Name in
    | 'logGamma'
    | 'incompleteBeta'
    | 'normal'
    | 'normalQuantile'
    | 'tUpper'
    | 'tQuantile'
    | 'fUpper'
    | 'rangeUpper'
    | 'nemenyi'
    | 'equivalence'
    | 'mcnemar'
    | 'wilson'
    | 'differencePower'
    | 'equivalencePower']: Rows;
} & {
  readonly paired: {
    differences: number[];
    t: number;
    p: number;
    interval90: [number, number];
    wilcoxon: number;
    signFlip: number;
  };
  readonly tied: { differences: number[]; wilcoxon: number; signFlip: number };
  readonly holm: { ps: number[]; corrected: number[] };
  readonly friedman: { scores: number[][]; ranks: number[]; chiSquare: number; f: number; p: number };
};

/** Equal to a relative error, in tails too. */
function expectNear(value: number, expected: number, relative = 1e-11): void {
  expect(Math.abs(value - expected), `${value} for ${expected}`).toBeLessThanOrEqual(
    relative * Math.max(Math.abs(expected), 1e-12),
  );
}

describe('functions and distributions, as SciPy has them', () => {
  const functions: Readonly<Record<string, [rows: Rows, of: (...args: number[]) => number, relative?: number]>> = {
    logGamma: [reference.logGamma, logGamma],
    incompleteBeta: [reference.incompleteBeta, incompleteBeta],
    normalCdf: [reference.normal, normalCdf],
    normalQuantile: [reference.normalQuantile, normalQuantile],
    tUpperTail: [reference.tUpper, tUpperTail],
    tQuantile: [reference.tQuantile, tQuantile],
    fUpperTail: [reference.fUpper, fUpperTail],
    // SciPy integrates the studentised range to about 1e-9.
    rangeUpperTail: [reference.rangeUpper, rangeUpperTail, 1e-7],
    nemenyiConstant: [reference.nemenyi, nemenyiConstant, 1e-7],
  };
  it.each(Object.entries(functions))('%s', (_, [rows, of, relative]) => {
    for (const row of rows) expectNear(of(...row.slice(0, -1)), row.at(-1)!, relative);
  });
});

describe('tests, as SciPy and statsmodels have them', () => {
  it('pairs', () => {
    const { differences, t, p, interval90, wilcoxon, signFlip } = reference.paired;
    expectNear(pairedT(differences).t, t);
    expectNear(pairedT(differences).p, p);
    pairedInterval(differences, 0.9).forEach((end, i) => expectNear(end, interval90[i]!));
    expectNear(wilcoxonP(differences), wilcoxon);
    expectNear(signFlipP(differences), signFlip);
  });

  it('pairs with ties and differences of zero, by going through all signs', () => {
    expectNear(wilcoxonP(reference.tied.differences), reference.tied.wilcoxon);
    expectNear(signFlipP(reference.tied.differences), reference.tied.signFlip);
  });

  it('equivalence', () => {
    for (const [delta, p] of reference.equivalence) expectNear(equivalenceP(reference.paired.differences, delta!), p!);
  });

  it('counts', () => {
    for (const [a, b, p] of reference.mcnemar) expectNear(mcnemarP(a!, b!), p!);
    for (const [successes, count, level, ...ends] of reference.wilson) {
      wilsonInterval(successes!, count!, level!).forEach((end, i) => expectNear(end, ends[i]!));
    }
  });

  it('families and ranks', () => {
    holm(reference.holm.ps).forEach((p, i) => expectNear(p, reference.holm.corrected[i]!));
    const found = friedman(reference.friedman.scores);
    found.meanRanks.forEach((rank, i) => expectNear(rank, reference.friedman.ranks[i]!));
    for (const name of ['chiSquare', 'f', 'p'] as const) expectNear(found[name], reference.friedman[name]);
  });

  it('power', () => {
    for (const [difference, deviation, alpha, pairs, power] of reference.differencePower) {
      const supposed = { difference, deviation, alpha, delta: 0, overlap: 0 } as Supposed;
      expectNear(differencePower(supposed, pairs!), power!, 1e-8);
    }
    for (const [difference, deviation, delta, alpha, pairs, power] of reference.equivalencePower) {
      // The integrand has a corner where no interval would fit, which the trapezoidal rule sees to four digits.
      expect(equivalencePower({ difference, deviation, delta, alpha, overlap: 0 } as Supposed, pairs!)).toBeCloseTo(
        power!,
        3,
      );
    }
  });
});

describe('at their edges', () => {
  it('differences without spread have no t, and rounding is no spread', () => {
    expect(pairedT([0.02, 0.02, 0.02, 0.02, 0.02])).toEqual({ t: NaN, p: NaN });
    expect(pairedT([0.3 - 0.1, 0.7 - 0.5, 0.9 - 0.7]).p).toBeNaN();
    expect(equivalenceP([0, 0, 0, 0, 0], 0.01)).toBeNaN();
  });

  it('methods that every domain ranks alike are at their farthest apart', () => {
    const alike = Array.from({ length: 6 }, () => [0.9, 0.8, 0.7]);
    expect(friedman(alike)).toMatchObject({ meanRanks: [1, 2, 3], p: 0 });
    expect(friedman(alike.map(() => [0.5, 0.5, 0.5])).p).toBeNaN();
    // Demšar (2006), section 3.2.2: four methods on fourteen data sets.
    expect(criticalDifference(4, 14, 0.05)).toBeCloseTo(1.25, 2);
  });

  it('counts sign flips of as many pairs as it says, and refuses more', () => {
    expect(signFlipP(Array.from({ length: 30 }, () => 1))).toBe(2 ** -29);
    expect(() => signFlipP(new Array<number>(31).fill(1))).toThrow('up to 30 pairs; got 31');
    expect(signFlipP([0, 0, 0])).toBe(1);
    expect(wilcoxonP([0, 0])).toBe(1);
  });

  it('ranks ties by their mean rank, and groups what is not told apart', () => {
    expect(midranks([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2]);
    const at = [1, 1.5, 2.2, 4, 4.1];
    expect(tieGroups(5, (i, j) => Math.abs(at[i]! - at[j]!) > 1)).toEqual([
      [0, 1],
      [1, 2],
      [3, 4],
    ]);
    expect(tieGroups(2, () => true)).toEqual([[0], [1]]);
  });

  it('asks for no seeds without end', () => {
    const supposed: Supposed = { difference: 0.02, deviation: 0.02, delta: 0.01, alpha: 0.05, overlap: 0 };
    const needed = seedsNeeded(supposed, 5)!;
    expect(differencePower(supposed, needed)).toBeGreaterThanOrEqual(0.8);
    expect(differencePower(supposed, needed - 1)).toBeLessThan(0.8);
    expect(seedsNeeded({ ...supposed, overlap: 1 }, 5)).toBeUndefined();
    expect(seedsNeeded({ ...supposed, difference: 0.0001, delta: 0.0002 }, 5)).toBeUndefined();
    // Nothing between them: with enough seeds it is equivalence that is shown.
    const none = { ...supposed, difference: 0 };
    expect(equivalencePower(none, seedsNeeded(none, 5)!)).toBeGreaterThanOrEqual(0.8);
  });
});
