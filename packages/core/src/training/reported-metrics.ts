import { shown } from '@headstart/artifacts/errors';
import type { Evaluator, MetricReport } from '../metrics/evaluator.ts';
import type { Metric } from '../metrics/metric.ts';
import { contractBroken, named } from '../plugins/owner.ts';
import type { Task } from '../tasks/task.ts';

/** Takes the message of a warning. */
export type Warn = (message: string) => void | Promise<void>;

export interface ReportedMetrics {
  readonly task: Pick<Task, 'id' | 'monitor'>;
  readonly evaluator: Evaluator;
  /** Registered metrics; those that the evaluator's report lacks are added where their kind of evidence fits. */
  readonly registered: readonly Metric[];
  readonly intervals: boolean;
  /** Called for what is left out of the report: values that are not finite numbers, which no saved model could hold. */
  readonly warn: Warn;
}

/** The evaluator's report, with the numbers of registered metrics. */
export async function reportMetrics(options: ReportedMetrics): Promise<MetricReport> {
  const { task, evaluator, registered, intervals, warn } = options;
  const { values: reported, details } = evaluator.report({ intervals });
  const values: Record<string, number> = {};
  const take = async (who: string, name: string, value: unknown) => {
    if (typeof value === 'number' && Number.isFinite(value)) values[name] = value;
    else await warn(`${who} is ${described(value)} and is left out.`);
  };
  for (const [name, value] of Object.entries(reported))
    await take(`${named('task', task)}: its metric "${name}"`, name, value);
  const found = evaluator.evidence?.();
  for (const metric of registered) {
    if (found?.kind !== metric.kind || reported[metric.id] !== undefined) continue;
    if (metric.applies?.(found.evidence) ?? true)
      await take(`${named('metric', metric)}: it`, metric.id, metric.compute(found.evidence));
  }
  return { values, details };
}

/**
 * Checks that the task watches a metric that there can be, if only not for this evaluation.
 * @throws HeadstartError `plugin-failed`
 */
export function checkMonitor(
  { values }: MetricReport,
  { task, evaluator, registered }: Omit<ReportedMetrics, 'intervals' | 'warn'>,
): void {
  const { metric } = task.monitor;
  if (values[metric] !== undefined || evaluator.reports?.includes(metric)) return;
  const kind = evaluator.evidence?.().kind;
  if (registered.some((each) => each.id === metric && each.kind === kind)) return;
  throw contractBroken(
    'task',
    task,
    `it watches the metric "${metric}", which its evaluation does not report. Reported: ${Object.keys(values).join(', ') || 'none'}.`,
  );
}

function described(value: unknown): string {
  return typeof value === 'number' ? String(value) : `not a number but ${shown(value)}`;
}
