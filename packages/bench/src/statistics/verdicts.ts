import { comparisonsOf, type Comparison, type ComparisonOptions } from './comparisons.ts';
import { holm } from './holm.ts';
import { itemNoise, type CellItems } from './item-noise.ts';
import { equivalenceP, hedgesGz, pairedInterval, pairedMean, pairedT } from '@headstart/core/statistics';
import { MOST_SEEDS, seedsNeeded } from './power.ts';
import type { ScoredCell } from './scored-cell.ts';
import { settingText } from './settings.ts';
import { MOST_SIGN_FLIPS, signFlipP } from './sign-tests.ts';
import type { Verdict, VerdictKind } from './verdict.ts';

/**
 * Fewer seeds get no verdict. With three, the spread is estimated so badly that a mean must lie 4.3 standard errors from zero, and
 * everything rests on the differences being normal: no exact test can say anything below p = 0.25 (0.125 with four). From five
 * on the t test holds its error rate for scores that are skewed or counted, too.
 */
export const FEWEST_SEEDS = 5;

export interface VerdictOptions extends ComparisonOptions {
  /** Share of wrong verdicts that is borne in the family. */
  readonly alpha: number;
  /** Differences below it count as none. */
  readonly delta: number;
}

/**
 * A verdict on every comparison of a benchmark. All are one family: who reads a report for what won reads all of it. Holm's
 * correction over it bounds the probability of any wrong `better` or `worse` by alpha, and that of any wrong `equivalent`.
 * `itemsOf` reads what a cell says of each item; without it verdicts say nothing of the test's size.
 */
export async function verdictsOf<Cell extends ScoredCell>(
  cells: readonly Cell[],
  options: VerdictOptions,
  itemsOf?: (cell: Cell) => Promise<CellItems | undefined>,
): Promise<Verdict[]> {
  const comparisons = comparisonsOf(cells, options);
  const verdicts = judged(comparisons, options);
  if (!itemsOf) return verdicts;
  const complete: Verdict[] = [];
  for (const [i, verdict] of verdicts.entries()) {
    const items = await itemsIn(comparisons[i]!, options.alpha, itemsOf);
    complete.push(items ? { ...verdict, items } : verdict);
  }
  return complete;
}

async function itemsIn<Cell extends ScoredCell>(
  { pairs }: Comparison<Cell>,
  alpha: number,
  itemsOf: (cell: Cell) => Promise<CellItems | undefined>,
): Promise<Verdict['items']> {
  if (pairs.some(({ a, b }) => a.resampled ?? b.resampled)) return undefined;
  const found: { a: CellItems; b: CellItems }[] = [];
  for (const pair of pairs) {
    const [a, b] = [await itemsOf(pair.a), await itemsOf(pair.b)];
    if (!a || !b) return undefined;
    found.push({ a, b });
  }
  return itemNoise(found, alpha);
}

/** A comparison with its tests; NaN where there are none. */
interface Tested {
  readonly comparison: Comparison;
  readonly differences: readonly number[];
  /** Test over training samples, where splits are resampled; else 0. */
  readonly overlap: number;
  readonly p: number;
  readonly pEquivalent: number;
}

function judged(comparisons: readonly Comparison[], options: VerdictOptions): Verdict[] {
  const all = comparisons.map((comparison) => tested(comparison, options.delta));
  const family = all.filter(({ p }) => !Number.isNaN(p));
  const ps = holm(family.map(({ p }) => p));
  const equivalent = holm(family.map(({ pEquivalent }) => pEquivalent));
  const against = [...new Set(family.map(({ comparison }) => comparison.b.strategy))].join(', ');
  const name = `all ${family.length} comparisons of this benchmark (with ${against})`;
  const open = ps.filter((p, i) => p >= options.alpha && equivalent[i]! >= options.alpha).length;
  const places = new Map(family.map((each, place) => [each, place]));
  return all.map((each) => {
    const at = places.get(each);
    if (at === undefined) return withoutTest(each, name);
    return withTest(each, { p: ps[at]!, pEquivalent: equivalent[at]!, name, level: options.alpha / open }, options);
  });
}

function tested(comparison: Comparison, delta: number): Tested {
  const { pairs } = comparison;
  const differences = pairs.map(({ difference }) => difference);
  const overlaps = pairs
    .map(({ a, b }) => a.resampled ?? b.resampled)
    .map((split) => (split ? split.test / split.train : 0));
  const overlap = overlaps.reduce((sum, each) => sum + each, 0) / Math.max(1, overlaps.length);
  const enough = pairs.length >= FEWEST_SEEDS;
  return {
    comparison,
    differences,
    overlap,
    p: enough ? pairedT(differences, overlap).p : NaN,
    pEquivalent: enough ? equivalenceP(differences, delta, overlap) : NaN,
  };
}

/** What a verdict says however it comes out. */
function described({ comparison: { a, b, metric, pairs, dropped }, differences, overlap }: Tested, family: string) {
  const notes: string[] = [];
  if (dropped.length > 0) notes.push(`Left out: ${dropped.join('; ')}.`);
  if (a.setting.source !== b.setting.source) notes.push(`${b.strategy} was run with ${b.setting.source}.`);
  if (a.setting.adapt !== b.setting.adapt) notes.push(`${b.strategy} was run without unlabelled data.`);
  if (overlap > 0) notes.push('Each seed has a split of its own: variance as Nadeau and Bengio correct it.');
  return {
    a: a.strategy,
    b: b.strategy,
    on: settingText(a.setting),
    at: a.setting,
    metric: metric.name,
    difference: differences.length > 0 ? pairedMean(differences).mean : null,
    family,
    seeds: pairs.length,
    notes,
  };
}

function withoutTest(each: Tested, family: string): Verdict {
  const { notes, ...rest } = described(each, family);
  const missing = FEWEST_SEEDS - rest.seeds;
  if (missing <= 0)
    notes.push(`The difference is the same in all ${rest.seeds} seeds: there is no spread to test it against.`);
  return {
    ...rest,
    verdict: 'too-few-seeds',
    interval: null,
    p: null,
    pCorrected: null,
    pEquivalent: null,
    pExact: null,
    effect: null,
    ...(missing > 0 ? { moreSeeds: missing } : {}),
    notes,
  };
}

function withTest(
  each: Tested,
  corrected: { readonly p: number; readonly pEquivalent: number; readonly name: string; readonly level: number },
  { alpha, delta }: VerdictOptions,
): Verdict {
  const { differences, overlap, comparison } = each;
  const { notes, ...rest } = described(each, corrected.name);
  const { mean, deviation, pairs } = pairedMean(differences, overlap);
  const verdict = kindOf(corrected, mean * (comparison.metric.better === 'higher' ? 1 : -1), alpha);
  const supposed = { difference: mean, deviation, delta, alpha: corrected.level, overlap };
  const needed = verdict === 'undecided' ? seedsNeeded(supposed, pairs) : undefined;
  if (verdict === 'undecided' && needed === undefined) {
    notes.push(`Not even ${MOST_SEEDS} seeds would probably decide it, if difference and spread are those observed.`);
  }
  return {
    ...rest,
    verdict,
    interval: pairedInterval(differences, 1 - alpha, overlap),
    p: each.p,
    pCorrected: corrected.p,
    pEquivalent: corrected.pEquivalent,
    pExact: pairs <= MOST_SIGN_FLIPS ? signFlipP(differences) : null,
    effect: hedgesGz(differences),
    ...(needed === undefined ? {} : { moreSeeds: needed - pairs }),
    notes,
    ...(comparison.reference ? { negativeTransfer: verdict === 'worse' } : {}),
  };
}

/** Equivalence goes before a difference: one within delta counts as none, however surely it is there. */
function kindOf(
  corrected: { readonly p: number; readonly pEquivalent: number },
  gain: number,
  alpha: number,
): VerdictKind {
  if (corrected.pEquivalent < alpha) return 'equivalent';
  if (corrected.p >= alpha) return 'undecided';
  return gain > 0 ? 'better' : 'worse';
}
