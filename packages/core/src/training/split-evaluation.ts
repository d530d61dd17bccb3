import type { Sample, SplitName } from '../domains/target-domain.ts';
import type { Metric } from '../metrics/metric.ts';
import type { MetricReport } from '../tasks/task.ts';
import { evaluate } from './evaluate.ts';
import { dataContext, type Run } from './run.ts';
import { openSplit } from './split-data.ts';

/** The finished model on the validation and the test split, by the last phase's frozen prefix. */
export async function evaluateSplits<S extends Sample>(
  run: Run<S>,
  registered: readonly Metric[],
): Promise<Record<string, MetricReport['values']>> {
  const { transfer, model, phases, state, backend, progress } = run;
  const prefix = model.frozenPrefix(phases.at(-1)!.trainable);
  const metrics: Record<string, MetricReport['values']> = {};
  for (const name of ['validation', 'test'] satisfies SplitName[]) {
    const samples = transfer.target.splits[name];
    if (samples.length === 0) continue;
    const loader = await openSplit(dataContext(run), samples, prefix);
    const started = performance.now();
    try {
      const report = await evaluate({ backend, model, task: transfer.task, labels: transfer.target.labels, loader, progress, metrics: registered });
      metrics[name] = report.values;
    } finally {
      await loader.close();
    }
    state.seconds.evaluation += (performance.now() - started) / 1000;
  }
  return metrics;
}
