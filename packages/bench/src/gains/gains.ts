import type { BenchRecord } from '../records/bench-record.ts';
import { comparisonsOf, type Comparison, type ComparisonOptions } from '../statistics/comparisons.ts';
import type { MetricsByTask, ScoredCell } from '../statistics/scored-cell.ts';
import { placeText, seedGroups, settingKey } from '../statistics/settings.ts';
import { factorAmount, meanAmount, reachedAmount } from './amounts.ts';
import { sampleCurve, towardsMore, trainingCurve } from './curves.ts';
import type { Gain, GainKind } from './gain.ts';
import { firstReached, reachedBetween, type Reached } from './reached.ts';

/** What gains ask of a record. */
export type GainCell = ScoredCell & Pick<BenchRecord, 'samples'>;

export interface GainOptions extends Omit<ComparisonOptions, 'baseline'> {
  /** Intervals hold 1 - alpha. */
  readonly alpha: number;
}

type SeedReached = { readonly a: Reached; readonly b: Reached };

/**
 * What every strategy gains against training from scratch and against the probe: at the most samples that both were trained
 * on, and over all shots for the samples that it takes to reach what the other reaches there. The score to be reached is, seed by seed, the other's
 * own: its noise is in the interval. No correction for their number: these are estimates, each with its interval.
 */
export function gainsOf(cells: readonly GainCell[], options: GainOptions): Gain[] {
  const { scratch = ['from-scratch'], metrics } = options;
  const level = 1 - options.alpha;
  const curves = curvesOf(cells);
  return largest(comparisonsOf(cells, { ...options, baseline: scratch[0] ?? '' })).flatMap((comparison) => [
    ...reaching('samples', comparison, samplePairs(comparison, curves, metrics), level),
    ...reaching('epochs', comparison, trainingPairs(comparison, 'epochs'), level),
    ...reaching('seconds', comparison, trainingPairs(comparison, 'seconds'), level),
    ...gap(comparison, level),
    ...score(comparison, level),
  ]);
}

/** Of the comparisons along a curve over shots the one with the most training samples. */
function largest(comparisons: readonly Comparison<GainCell>[]): Comparison<GainCell>[] {
  const found = new Map<string, Comparison<GainCell>>();
  const samples = ({ pairs }: Comparison<GainCell>) => Math.max(...pairs.map(({ a }) => a.samples['train'] ?? 0));
  for (const comparison of comparisons) {
    if (comparison.pairs.length === 0) continue;
    const key = JSON.stringify([placeKey(comparison.a), comparison.b.strategy]);
    const other = found.get(key);
    if (!other || samples(comparison) > samples(other)) found.set(key, comparison);
  }
  return [...found.values()];
}

function placeKey({ setting, strategy }: Comparison['a']): string {
  return JSON.stringify([settingKey({ ...setting, shots: 'all' }), strategy]);
}

/** The cells of each strategy, place and seed, over all shots. */
function curvesOf(cells: readonly GainCell[]): ReadonlyMap<string, readonly GainCell[]> {
  const curves = new Map<string, GainCell[]>();
  for (const group of seedGroups(cells)) {
    for (const [seed, cell] of group.cells) {
      const key = `${placeKey(group)} ${seed}`;
      curves.set(key, [...(curves.get(key) ?? []), cell]);
    }
  }
  return curves;
}

function samplePairs(
  { a, metric, pairs }: Comparison<GainCell>,
  curves: ReadonlyMap<string, readonly GainCell[]>,
  metrics: MetricsByTask,
): SeedReached[] {
  return pairs.flatMap((pair): SeedReached[] => {
    const curve = sampleCurve(curves.get(`${placeKey(a)} ${pair.seed}`)!, metrics);
    const own = pair.b.samples['train'];
    if (curve.length < 2 || !own) return [];
    const score = towardsMore(pair.b.metrics[metric.name]!, metric);
    return [{ a: reachedBetween(curve, score), b: { value: own } }];
  });
}

function trainingPairs({ metric, pairs }: Comparison<GainCell>, cost: 'epochs' | 'seconds'): SeedReached[] {
  return pairs.flatMap((pair): SeedReached[] => {
    const [a, b] = [trainingCurve(pair.a, metric, cost), trainingCurve(pair.b, metric, cost)];
    const score = b.at(-1)?.[1];
    if (score === undefined || a.length === 0 || [a, b].some((curve) => curve[0]![0] <= 0)) return [];
    return [{ a: firstReached(a, score), b: firstReached(b, score) }];
  });
}

function described({ a, b, metric }: Comparison, kind: GainKind) {
  return { kind, a: a.strategy, b: b.strategy, on: placeText(a.setting), at: a.setting, metric: metric.name };
}

function reaching(kind: GainKind, comparison: Comparison, pairs: readonly SeedReached[], level: number): Gain[] {
  if (pairs.length === 0) return [];
  const ofA = pairs.map(({ a }) => a);
  const ofB = pairs.map(({ b }) => b);
  return [
    {
      ...described(comparison, kind),
      scale: 'factor',
      gain: factorAmount(pairs, level),
      ofA: reachedAmount(ofA, level),
      ofB: reachedAmount(ofB, level),
      seeds: pairs.length,
      reached: ofA.filter(({ censored }) => censored !== 'beyond').length,
    },
  ];
}

function gap(comparison: Comparison<GainCell>, level: number): Gain[] {
  const { metric } = comparison;
  const gapOf = ({ training, metrics }: GainCell) => {
    const trained = training?.[metric.name];
    return trained === undefined ? undefined : towardsMore(trained - metrics[metric.name]!, metric);
  };
  const gaps = comparison.pairs.flatMap(({ a, b }) => {
    const [ofA, ofB] = [gapOf(a), gapOf(b)];
    return ofA === undefined || ofB === undefined ? [] : [[ofA, ofB] as const];
  });
  return gaps.length === 0 ? [] : [difference(comparison, 'gap', gaps, level)];
}

function score(comparison: Comparison<GainCell>, level: number): Gain[] {
  const { name } = comparison.metric;
  const scores = comparison.pairs.map(({ a, b }) => [a.metrics[name]!, b.metrics[name]!] as const);
  return [difference(comparison, 'score', scores, level)];
}

function difference(
  comparison: Comparison,
  kind: GainKind,
  pairs: readonly (readonly [a: number, b: number])[],
  level: number,
): Gain {
  return {
    ...described(comparison, kind),
    scale: 'difference',
    gain: meanAmount(
      pairs.map(([a, b]) => a - b),
      level,
    ),
    ofA: meanAmount(
      pairs.map(([a]) => a),
      level,
    ),
    ofB: meanAmount(
      pairs.map(([, b]) => b),
      level,
    ),
    seeds: pairs.length,
  };
}
