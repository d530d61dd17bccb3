import type { BenchRecord } from '../records/bench-record.ts';

/** What statistics ask of a record. */
export interface ScoredCell
  extends Pick<BenchRecord, 'coordinates' | 'task' | 'state' | 'metrics' | 'training' | 'history'> {
  /**
   * Given where the seed decides which samples are tested on: how many those are, and how many the training samples come
   * from (all of the training split, before shots).
   */
  readonly resampled?: { readonly test: number; readonly train: number };
}

/** A number that is compared, and which way is better. */
export interface ComparedMetric {
  readonly name: string;
  readonly better: 'higher' | 'lower';
}

/** What is compared, by task. */
export type MetricsByTask = Readonly<Record<string, ComparedMetric>>;

/** The number of a cell that is done; undefined where it failed or has none. */
export function scoreOf(cell: ScoredCell | undefined, metrics: MetricsByTask): number | undefined {
  if (cell?.state !== 'done') return undefined;
  const value = cell.metrics[metrics[cell.task]?.name ?? ''];
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
