import type { MetricReport, ReportOptions } from './evaluator.ts';
import type { EvidenceKinds, Metric } from './metric.ts';
import { bootstrapIntervals, onceEach, type Resampled } from './resampling.ts';

/** The number that a metric is, from the one that it is of any resample. */
export function computedOnce<Kind extends keyof EvidenceKinds>(
  samplesOf: (evidence: EvidenceKinds[Kind]) => number,
  metric: Omit<Metric<Kind>, 'compute'> & Required<Pick<Metric<Kind>, 'resampled'>>,
): Metric<Kind> {
  return {
    ...metric,
    compute(evidence) {
      const samples = samplesOf(evidence);
      return samples === 0 ? 0 : metric.resampled(evidence)(onceEach(samples));
    },
  };
}

/** Every metric that applies by its id, and where asked for `details.intervals`, 95 % each. */
export function metricReport<Kind extends keyof EvidenceKinds>(
  metrics: readonly Metric<Kind>[],
  evidence: EvidenceKinds[Kind],
  samples: number,
  { intervals = false }: ReportOptions = {},
): MetricReport {
  const applying = metrics.filter((metric) => metric.applies?.(evidence) ?? true);
  const values = Object.fromEntries(applying.map((metric) => [metric.id, metric.compute(evidence)]));
  if (!intervals) return { values };
  const numbers: Record<string, Resampled> = {};
  for (const metric of applying) if (metric.resampled) numbers[metric.id] = metric.resampled(evidence);
  return { values, details: { intervals: bootstrapIntervals(samples, numbers) } };
}
