import type { EncodedSamples } from '../data/encoder.ts';
import type { Tensors } from '../network/tensors.ts';
import type { Evidence } from './metric.ts';

/** Numbers by name, and tables where a metric has them (per class, confusion matrix). */
export interface MetricReport {
  readonly values: Readonly<Record<string, number>>;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What a report has beside the metrics. */
export interface ReportOptions {
  /** Adds `details.intervals`: by metric name the ends of its 95 % confidence interval. */
  readonly intervals?: boolean;
}

/** What an evaluation can be shown by: its report with curves and tables; the worst mistakes. */
export type EvaluationPage = 'report' | 'mistakes';

/** Gathers outputs over a split and computes the task's metrics. */
export interface Evaluator {
  /**
   * Adds a batch, the next samples in their order; the tensors stay the caller's. `encoded` is what the outputs were computed from, given where a page
   * of mistakes is to show it.
   */
  add(outputs: Tensors, targets: Tensors, encoded?: EncodedSamples): Promise<void>;
  /** Called once after the last batch, for what needs all of them and the device. */
  finish?(): Promise<void>;
  report(options?: ReportOptions): MetricReport;
  /** The names of all numbers that a report can have, where some may be missing from one: what a task can watch. */
  readonly reports?: readonly string[];
  /** What metrics registered by other plugins compute their numbers from. */
  evidence?(): Evidence;
  /** The pages that it can write, after the report: HTML, each complete in itself. */
  readonly pages?: Readonly<Partial<Record<EvaluationPage, (title: string) => Promise<string>>>>;
}

/** What an evaluator knows of the model whose outputs it gathers. */
export interface EvaluatorOptions {
  /** Labels that the model keeps of its source beside those that it learned: what a task reports apart. */
  readonly retainedClasses?: readonly number[];
}
