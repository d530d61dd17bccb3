import type { Dataset, Sample, SplitName } from '../domains/target-domain.ts';
import type { Evidence } from '../metrics/metric.ts';
import type { Interval } from '../metrics/resampling.ts';
import type { Evaluator, MetricReport, ReportOptions } from '../metrics/evaluator.ts';
import { afterUpdates } from './divergence.ts';
import { evaluate, inferenceOf } from './evaluate.ts';
import { reportMetrics } from './reported-metrics.ts';
import { dataContext, type Run } from './run.ts';
import { openSplit } from '../data/split-data.ts';

/** Numbers by split, then by metric name, and the ends of their 95 % confidence intervals. */
export interface SplitMetrics {
  readonly metrics: Readonly<Record<string, MetricReport['values']>>;
  readonly intervals: Readonly<Record<string, Readonly<Record<string, Interval>>>>;
  /** What the numbers were computed from, where the task gives it. */
  readonly evidence: Readonly<Record<string, Evidence | undefined>>;
}

/** The finished model on the validation and the test split, by the last phase's frozen prefix. */
export async function evaluateSplits<S extends Sample>(run: Run<S>): Promise<SplitMetrics> {
  const metrics: Record<string, MetricReport['values']> = {};
  const intervals: Record<string, Record<string, Interval>> = {};
  const evidence: Record<string, Evidence | undefined> = {};
  for (const name of ['validation', 'test'] satisfies SplitName[]) {
    const samples = run.transfer.target.splits[name];
    if (samples.length === 0) continue;
    const judged = await judge(run, samples);
    metrics[name] = judged.metrics;
    intervals[name] = judged.intervals;
    evidence[name] = judged.evidence;
  }
  return { metrics, intervals, evidence };
}

/** What a model came to on some samples. */
export interface Judged {
  readonly metrics: MetricReport['values'];
  readonly intervals: Readonly<Record<string, Interval>>;
  /** What the numbers were computed from, where the task gives it. */
  readonly evidence?: Evidence;
}

/**
 * The finished model on samples that bear the target's labels, by the last phase's frozen prefix.
 * @param options whether its numbers have intervals, which take longer than the numbers; by default they do
 */
export async function judge<S extends Sample>(
  run: Run<S>,
  samples: Dataset<S>,
  { intervals = true }: ReportOptions = {},
): Promise<Judged> {
  const { transfer, model, phases, state, backend, progress } = run;
  const { task, retainedClasses } = transfer;
  const { labels } = transfer.target;
  const loader = await openSplit(dataContext(run), samples, model.frozenPrefix(phases.at(-1)!.trainable));
  const started = performance.now();
  const evaluator = task.evaluator(labels, { retainedClasses });
  try {
    const evaluation = { task, labels, loader, progress, evaluator, metrics: run.metrics, warn: run.warnOnce };
    const last = phases.at(-1)!;
    const report = await afterUpdates(last, last.optimiser.learningRate, () =>
      evaluate(inferenceOf(backend, model, loader.from), { ...evaluation, intervals }),
    );
    return judgedOf(report, evaluator);
  } finally {
    await loader.close();
    state.seconds.evaluation += (performance.now() - started) / 1000;
  }
}

/** What an evaluator that has finished says of the run's model. */
export async function judgedBy<S extends Sample>(
  run: Run<S>,
  evaluator: Evaluator,
  { intervals = true }: ReportOptions = {},
): Promise<Judged> {
  const { transfer, metrics: registered, warnOnce: warn } = run;
  return judgedOf(await reportMetrics({ task: transfer.task, evaluator, registered, intervals, warn }), evaluator);
}

function judgedOf({ values, details }: MetricReport, evaluator: Evaluator): Judged {
  const intervals = { ...(details?.['intervals'] as Record<string, Interval> | undefined) };
  return { metrics: values, intervals, evidence: evaluator.evidence?.() };
}
