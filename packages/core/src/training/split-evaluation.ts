import type { Sample, SplitName } from '../domains/target-domain.ts';
import type { Interval } from '../metrics/resampling.ts';
import type { MetricReport } from '../metrics/evaluator.ts';
import { evaluateOnce } from './evaluate.ts';
import { dataContext, type Run } from './run.ts';
import { openSplit } from '../data/split-data.ts';

/** Numbers by split, then by metric name, and the ends of their 95 % confidence intervals. */
export interface SplitMetrics {
  readonly metrics: Readonly<Record<string, MetricReport['values']>>;
  readonly intervals: Readonly<Record<string, Readonly<Record<string, Interval>>>>;
}

/** The finished model on the validation and the test split, by the last phase's frozen prefix. */
export async function evaluateSplits<S extends Sample>(run: Run<S>): Promise<SplitMetrics> {
  const { transfer, model, phases, state, backend, progress } = run;
  const prefix = model.frozenPrefix(phases.at(-1)!.trainable);
  const metrics: Record<string, MetricReport['values']> = {};
  const intervals: Record<string, Record<string, Interval>> = {};
  for (const name of ['validation', 'test'] satisfies SplitName[]) {
    const samples = transfer.target.splits[name];
    if (samples.length === 0) continue;
    const loader = await openSplit(dataContext(run), samples, prefix);
    const started = performance.now();
    try {
      const report = await evaluateOnce(backend, model, {
        task: transfer.task,
        labels: transfer.target.labels,
        retainedClasses: transfer.retainedClasses,
        loader,
        progress,
        metrics: run.metrics,
        warn: run.warnOnce,
        intervals: true,
      });
      metrics[name] = report.values;
      intervals[name] = { ...(report.details?.['intervals'] as Record<string, Interval> | undefined) };
    } finally {
      await loader.close();
    }
    state.seconds.evaluation += (performance.now() - started) / 1000;
  }
  return { metrics, intervals };
}
