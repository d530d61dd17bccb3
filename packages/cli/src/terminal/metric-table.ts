import { formatMetric } from './format.ts';
import { table } from './table.ts';

type BySplit<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

/** Metrics as rows, splits as columns, each number with its 95 % confidence interval where there is one. */
export function metricTable(
  metrics: BySplit<number>,
  intervals: BySplit<readonly [low: number, high: number]> = {},
): string[] {
  const splits = Object.keys(metrics);
  const names = [...new Set(splits.flatMap((split) => Object.keys(metrics[split]!)))];
  const cell = (split: string, name: string) => {
    const value = metrics[split]![name];
    return value === undefined ? '' : formatMetric(value);
  };
  const interval = (split: string, name: string) => {
    const ends = intervals[split]?.[name];
    return ends ? `[${ends.map((end) => end.toFixed(3)).join(', ')}]` : '';
  };
  const withIntervals = new Set(splits.filter((split) => Object.keys(intervals[split] ?? {}).length > 0));
  const columns = (split: string) => [
    { title: split, align: 'right' as const },
    ...(withIntervals.has(split) ? [{ title: '95 %' }] : []),
  ];
  const cells = (split: string, name: string) => [
    cell(split, name),
    ...(withIntervals.has(split) ? [interval(split, name)] : []),
  ];
  return table(
    [{ title: '' }, ...splits.flatMap(columns)],
    names.map((name) => [name, ...splits.flatMap((split) => cells(split, name))]),
  );
}
