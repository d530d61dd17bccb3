import { scoreOf, type MetricsByTask, type ScoredCell } from './scored-cell.ts';

/** Scores of strategies on domains where each has some. */
export interface DomainScores {
  readonly strategies: readonly string[];
  readonly domains: readonly string[];
  /** `[domains][strategies]`, turned so that more is better. */
  readonly scores: readonly (readonly number[])[];
  /** Of each strategy over the domains, as the metric has it. */
  readonly means: readonly number[];
  /** Strategies without a domain in common with the others. */
  readonly leftOut: readonly string[];
}

/**
 * The mean score of each strategy on each test domain, over the sources, labelled domains and shots that all strategies
 * share there, and over seeds and unlabelled domains. Training from scratch knows nothing of a source: where it has no cells under one, those
 * under its own serve. Where no domain is shared by all, the strategy that has the fewest is left out.
 */
export function sharedScores(
  cells: readonly ScoredCell[],
  metrics: MetricsByTask,
  scratch: readonly string[],
): DomainScores {
  const domains = [...new Set(cells.map(domainOf))];
  const table = new ScoreTable(cells, metrics, scratch);
  const leftOut: string[] = [];
  for (let strategies = [...new Set(cells.map(({ coordinates }) => coordinates.strategy))]; ; ) {
    const shared = domains.flatMap((domain) => table.shared(domain, strategies));
    if (shared.length > 0 || strategies.length < 2) {
      return {
        strategies,
        domains: shared.map(({ name }) => name),
        scores: shared.map(({ better, scores }) => scores.map((score) => (better === 'higher' ? score : -score))),
        means: strategies.map((_, i) => mean(shared.map(({ scores }) => scores[i]!))),
        leftOut,
      };
    }
    const covered = (name: string) => domains.filter((domain) => table.has(domain, name)).length;
    const least = strategies.reduce((a, b) => (covered(b) <= covered(a) ? b : a));
    leftOut.push(least);
    strategies = strategies.filter((name) => name !== least);
  }
}

const domainOf = ({ task, coordinates: { test } }: ScoredCell): string => JSON.stringify([task, test]);

class ScoreTable {
  /** Scores by domain, then strategy, then source, labelled domain and shots. */
  readonly #scores = new Map<string, Map<string, Map<string, number[]>>>();
  readonly #metrics: MetricsByTask;
  readonly #scratch: readonly string[];

  constructor(cells: readonly ScoredCell[], metrics: MetricsByTask, scratch: readonly string[]) {
    this.#metrics = metrics;
    this.#scratch = scratch;
    for (const cell of cells) {
      const { strategy, source, train, shots } = cell.coordinates;
      const score = scoreOf(cell, metrics)!;
      this.#add(domainOf(cell), strategy, JSON.stringify([source, train, shots]), score);
      if (scratch.includes(strategy)) this.#add(domainOf(cell), strategy, JSON.stringify([null, train, shots]), score);
    }
  }

  #add(domain: string, strategy: string, setting: string, score: number): void {
    const strategies = this.#scores.get(domain) ?? new Map<string, Map<string, number[]>>();
    const settings = strategies.get(strategy) ?? new Map<string, number[]>();
    this.#scores.set(
      domain,
      strategies.set(strategy, settings.set(setting, [...(settings.get(setting) ?? []), score])),
    );
  }

  has(domain: string, strategy: string): boolean {
    return this.#scores.get(domain)?.has(strategy) ?? false;
  }

  /** A domain's mean scores over what all strategies share there; none where they share nothing. */
  shared(domain: string, strategies: readonly string[]) {
    const [task, name] = JSON.parse(domain) as [string, string];
    const settings = new Set(
      strategies
        .filter((strategy) => !this.#scratch.includes(strategy))
        .flatMap((strategy) => [...(this.#scores.get(domain)?.get(strategy)?.keys() ?? [])]),
    );
    const common = [...settings].filter((setting) => strategies.every((each) => this.#at(domain, each, setting)));
    if (common.length === 0) return [];
    const scores = strategies.map((each) => mean(common.map((setting) => mean(this.#at(domain, each, setting)!))));
    return [{ name, better: this.#metrics[task]!.better, scores }];
  }

  #at(domain: string, strategy: string, setting: string): readonly number[] | undefined {
    const settings = this.#scores.get(domain)?.get(strategy);
    const [, train, shots] = JSON.parse(setting) as unknown[];
    return settings?.get(setting) ?? settings?.get(JSON.stringify([null, train, shots]));
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}
