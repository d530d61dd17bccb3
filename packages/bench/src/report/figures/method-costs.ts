import { shotsName } from '../names.ts';
import type { ReportCell } from '../report-data.ts';
import { grouped } from './grouped.ts';

/** A strategy with a source and a number of shots, over all domains and seeds. */
export interface MethodCost {
  readonly task: string;
  readonly metric: string;
  readonly strategy: string;
  /** What tells it from others of its strategy. */
  readonly name: string;
  readonly mean: number;
  /** Mean of its runs. */
  readonly seconds: number;
  /** The most that a run took, in bytes. */
  readonly memory: number;
}

/** Above zero: a logarithmic axis has no other place for a run that the clock did not see. */
const LEAST_SECONDS = 0.001;

export function methodCosts(cells: readonly ReportCell[]): MethodCost[] {
  const sources = new Set(cells.map(({ source }) => source)).size > 1;
  const shots = new Set(cells.map((cell) => cell.shots)).size > 1;
  return grouped(cells, ({ task, strategy, source, shots }) => [task, strategy, source, shots]).flatMap((group) => {
    const [first] = group as [ReportCell];
    const costs = group.flatMap((cell) => costOf(cell) ?? []);
    const means = group.flatMap(({ mean }) => mean ?? []);
    if (costs.length === 0 || means.length === 0) return [];
    return {
      task: first.task,
      metric: first.metric,
      strategy: first.strategy,
      name:
        [sources ? first.source : '', shots ? shotsName(first.shots) : ''].filter(Boolean).join(', ') || first.strategy,
      mean: average(means),
      seconds: Math.max(LEAST_SECONDS, average(costs.map(({ seconds }) => seconds))),
      memory: Math.max(1, ...costs.map(({ memory }) => memory)),
    };
  });
}

/** Mean seconds of a cell's runs and the most memory; undefined where none was done. */
export function costOf({ runs }: ReportCell): { seconds: number; memory: number } | undefined {
  const done = runs.filter(({ state }) => state === 'done');
  if (done.length === 0) return undefined;
  return {
    seconds: average(done.map(({ seconds }) => seconds.total)),
    memory: Math.max(...done.map(({ memory }) => memory)),
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
