import { byShots } from '../names.ts';
import type { ReportCell } from '../report-data.ts';
import { grouped } from './grouped.ts';
import { settingNames } from './setting-names.ts';

/** Curves over one axis, a curve per strategy. */
export interface Curves {
  readonly title: string;
  readonly metric: string;
  readonly series: readonly { readonly name: string; readonly points: readonly CurvePoint[] }[];
}

export interface CurvePoint {
  readonly x: number;
  /** What stands at x, where that is a place in a list: the number of shots. */
  readonly label?: string;
  readonly y: number;
  readonly interval: readonly [low: number, high: number] | null;
}

/** The score by the number of shots, for each place where several were run. */
export function learningCurves(cells: readonly ReportCell[]): Curves[] {
  const nameOf = settingNames(cells.map((cell) => ({ ...cell, shots: 'all' })));
  return grouped(cells, ({ task, source, train, adapt, test }) => [task, source, train, adapt, test]).flatMap(
    (group) => {
      const shots = [...new Set(group.map((cell) => cell.shots))].sort(byShots);
      if (shots.length < 2) return [];
      const [first] = group as [ReportCell];
      const series = grouped(group, ({ strategy }) => strategy).flatMap((own) => {
        const points = [...own]
          .sort((a, b) => byShots(a.shots, b.shots))
          .flatMap(({ shots: at, mean, interval }) =>
            mean === null ? [] : { x: shots.indexOf(at), label: String(at), y: mean, interval },
          );
        return points.length === 0 ? [] : { name: own[0]!.strategy, points };
      });
      return series.length === 0 ? [] : { title: nameOf(first), metric: first.metric, series };
    },
  );
}

/** The validation score by the epoch, the mean of the seeds that came so far, for each place and number of shots. */
export function convergenceCurves(cells: readonly ReportCell[]): Curves[] {
  const nameOf = settingNames(cells);
  return grouped(cells, ({ task, source, train, adapt, test, shots }) => [
    task,
    source,
    train,
    adapt,
    test,
    shots,
  ]).flatMap((group) => {
    const [first] = group as [ReportCell];
    const series = group.flatMap((cell) => {
      const points = meanHistory(cell);
      return points.length === 0 ? [] : { name: cell.strategy, points };
    });
    return series.length === 0 ? [] : { title: nameOf(first), metric: first.metric, series };
  });
}

function meanHistory({ runs }: ReportCell): CurvePoint[] {
  const curves = runs.map(({ history }) => history.validation);
  const epochs = Math.max(0, ...curves.map(({ length }) => length));
  return Array.from({ length: epochs }, (_, i) => curves.flatMap((curve) => curve[i] ?? [])).flatMap((values, i) => {
    if (values.length === 0) return [];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    // The seeds' own range: how far apart they are, not how sure the mean is.
    return { x: i + 1, y: mean, interval: [Math.min(...values), Math.max(...values)] as const };
  });
}
