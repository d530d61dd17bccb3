import type { MetricReport, ReportOptions } from './evaluator.ts';
import type { MeasuredNumber } from './evidence-format.ts';
import type { EvidenceKinds, Metric } from './metric.ts';
import { confidenceIntervals } from './confidence-intervals.ts';
import { onceEach } from './resamples.ts';
import { valuesOf, type Resampled } from './resampling.ts';

/** The number that a metric is, from the one that it is of any resample. */
export function computedOnce<Kind extends keyof EvidenceKinds>(
  samplesOf: (evidence: EvidenceKinds[Kind]) => number,
  metric: Omit<Metric<Kind>, 'compute'> & Required<Pick<Metric<Kind>, 'resampled'>>,
): Metric<Kind> {
  return {
    ...metric,
    compute(evidence) {
      const samples = samplesOf(evidence);
      return samples === 0 ? 0 : valuesOf(metric.resampled(evidence), onceEach(samples))[0]!;
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
  return { values, details: { intervals: confidenceIntervals(samples, numbers) } };
}

/**
 * The numbers of every metric that applies, each by its id; of those that share one the first counts. What is not a finite
 * number is left out, as reports do.
 */
export function measureMetrics<Kind extends keyof EvidenceKinds>(
  metrics: readonly Metric<Kind>[],
  evidence: EvidenceKinds[Kind],
): Record<string, MeasuredNumber> {
  const numbers: Record<string, MeasuredNumber> = {};
  for (const metric of metrics) {
    if (numbers[metric.id] !== undefined || !(metric.applies?.(evidence) ?? true)) continue;
    const value = metric.compute(evidence);
    if (Number.isFinite(value)) numbers[metric.id] = { value, resampled: metric.resampled?.(evidence) };
  }
  return numbers;
}
