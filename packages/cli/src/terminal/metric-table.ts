import { formatMetric } from './format.ts';
import { table } from './table.ts';

/** Metrics as rows, splits as columns. */
export function metricTable(metrics: Readonly<Record<string, Readonly<Record<string, number>>>>): string[] {
  const splits = Object.keys(metrics);
  const names = [...new Set(splits.flatMap((split) => Object.keys(metrics[split]!)))];
  const cell = (value: number | undefined) => (value === undefined ? '' : formatMetric(value));
  return table(
    [{ title: '' }, ...splits.map((title) => ({ title, align: 'right' as const }))],
    names.map((name) => [name, ...splits.map((split) => cell(metrics[split]![name]))]),
  );
}
