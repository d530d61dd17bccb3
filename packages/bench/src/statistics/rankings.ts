import { mcnemarP } from '@headstart/core/statistics';
import { criticalDifference, friedman } from './friedman.ts';
import { tieGroups } from './ranks.ts';
import { scoreOf, type MetricsByTask, type ScoredCell } from './scored-cell.ts';
import { sharedScores, type DomainScores } from './shared-scores.ts';
import { wilcoxonP } from './sign-tests.ts';

/** Fewer domains than these let no ranking be tested: of three or four, F and Nemenyi's groups do not hold their error rate; two methods need six. */
const FEWEST_DOMAINS = 5;
const FEWEST_DOMAINS_OF_TWO = 6;

/** Strategies in order over domains: what a critical-difference diagram shows. */
export interface Ranking {
  /** A task, or `all tasks`. */
  readonly on: string;
  readonly metric: string;
  /** Test domains that each strategy has scores of. */
  readonly domains: readonly string[];
  readonly entries: readonly RankedStrategy[];
  /** Mean ranks at least this far apart differ; null where that was not tested. */
  readonly apart: number | null;
  /** That all are alike: of Friedman's test in Iman and Davenport's form; of two strategies Wilcoxon's over domains, or the sign test where metrics differ. Null of too few domains. */
  readonly p: number | null;
  /** What is particular, in sentences. */
  readonly notes: readonly string[];
}

export interface RankedStrategy {
  readonly strategy: string;
  /** Mean rank over the domains, 1 for the best in each; equal scores share their rank. */
  readonly rank: number;
  /** Mean score over the domains; null where tasks have metrics of their own. */
  readonly mean: number | null;
  /** Strategies with a number in common are not told apart; none where that was not tested. */
  readonly groups: readonly number[];
}

/**
 * Rankings by task, and over all tasks where there are several. A domain is one block: scores of its cells (sources,
 * labelled domains, shots) are averaged first, over those that all strategies share, as they are no independent evidence (Demšar, 2006).
 */
export function rankingsOf(
  cells: readonly ScoredCell[],
  options: { readonly metrics: MetricsByTask; readonly alpha: number; readonly scratch?: readonly string[] },
): Ranking[] {
  const { metrics, alpha, scratch = ['from-scratch'] } = options;
  const done = cells.filter((cell) => scoreOf(cell, metrics) !== undefined);
  const tasks = [...new Set(done.map(({ task }) => task))];
  const rank = (on: string, own: readonly ScoredCell[]) => {
    const shared = sharedScores(own, metrics, scratch);
    const names = [...new Set(own.map(({ task }) => metrics[task]!.name))];
    return shared.strategies.length < 2 ? [] : [ranking(on, shared, names, alpha)];
  };
  const each = tasks.flatMap((task) =>
    rank(
      task,
      done.filter((cell) => cell.task === task),
    ),
  );
  return tasks.length > 1 ? [...each, ...rank('all tasks', done)] : each;
}

function ranking(
  on: string,
  { strategies, domains, scores, means, leftOut }: DomainScores,
  metrics: readonly string[],
  alpha: number,
): Ranking {
  const { meanRanks, p: friedmanP } = friedman(scores);
  const notes =
    leftOut.length > 0 ? [`Not ranked, as they share no domain with the others: ${leftOut.join(', ')}.`] : [];
  const order = strategies.map((_, i) => i).sort((i, j) => meanRanks[i]! - meanRanks[j]!);
  const two = strategies.length === 2;
  const fewest = two ? FEWEST_DOMAINS_OF_TWO : FEWEST_DOMAINS;
  const tested = domains.length >= fewest;
  if (!tested) notes.push(`${domains.length} domains are too few to tell whether ranks differ: ${fewest} are needed.`);
  const p = two ? pOfTwo(scores, metrics.length === 1) : Number.isNaN(friedmanP) ? 1 : friedmanP;
  const apart = two ? null : criticalDifference(strategies.length, domains.length, alpha);
  const differ = (i: number, j: number) =>
    p < alpha && (apart === null || Math.abs(meanRanks[order[i]!]! - meanRanks[order[j]!]!) >= apart);
  if (tested && p >= alpha) notes.push('No difference between the strategies is shown: all are one group.');
  const groups = tested ? tieGroups(order.length, differ) : [];
  return {
    on,
    metric: metrics.join(', '),
    domains,
    entries: order.map((index, place) => ({
      strategy: strategies[index]!,
      rank: meanRanks[index]!,
      mean: metrics.length === 1 ? means[index]! : null,
      groups: groups.flatMap((group, number) => (group.includes(place) ? [number] : [])),
    })),
    apart: tested ? apart : null,
    p: tested ? p : null,
    notes,
  };
}

function pOfTwo(scores: DomainScores['scores'], oneMetric: boolean): number {
  const differences = scores.map(([a, b]) => a! - b!);
  if (oneMetric) return wilcoxonP(differences);
  return mcnemarP(differences.filter((each) => each > 0).length, differences.filter((each) => each < 0).length);
}
