import { byShots, distinct, shotsName, trainingName } from '../names.ts';
import type { ReportCell } from '../report-data.ts';
import { grouped } from './grouped.ts';

/** Grids of one task, source and number of shots, a grid for each strategy. */
export interface HeatMapGroup {
  readonly title: string;
  readonly metric: string;
  readonly grids: readonly HeatMapGrid[];
}

/** Scores of a strategy, what is trained on by what is tested on. */
export interface HeatMapGrid {
  readonly strategy: string;
  /** What is trained on. */
  readonly rows: readonly string[];
  /** What is tested on. */
  readonly columns: readonly string[];
  /** Row by row; undefined where there is no such cell. */
  readonly cells: readonly (readonly (GridCell | undefined)[])[];
}

export interface GridCell {
  readonly key: string;
  readonly mean: number | null;
  readonly interval: readonly [low: number, high: number] | null;
  /** The mean minus that of the baseline at the same place; null where either is missing, and of the baseline itself. */
  readonly difference: number | null;
}

/** The cells as grids; differences are to the baseline's cell among all of the benchmark. */
export function heatMapGroups(
  cells: readonly ReportCell[],
  all: readonly ReportCell[],
  baseline: string,
): HeatMapGroup[] {
  const references = new Map(
    all.flatMap((cell) => (cell.strategy === baseline ? [[conditionKey(cell), cell.mean]] : [])),
  );
  return grouped(cells, ({ task, source, shots }) => [task, source, shots])
    .sort(([a], [b]) => byShots(a!.shots, b!.shots))
    .map((group) => {
      const [{ source, shots, metric }] = group as [ReportCell];
      const grids = grouped(group, ({ strategy }) => strategy).map((own) => gridOf(own, references, baseline));
      return { title: `${source}, ${shotsName(shots)}`, metric, grids };
    });
}

function gridOf(
  cells: readonly ReportCell[],
  references: ReadonlyMap<string, number | null>,
  baseline: string,
): HeatMapGrid {
  const [{ strategy }] = cells as [ReportCell];
  const rows = distinct(cells.map(trainingName));
  const columns = distinct(cells.map(({ test }) => test));
  const at = new Map(cells.map((cell) => [JSON.stringify([trainingName(cell), cell.test]), cell]));
  const cellOf = (row: string, column: string): GridCell | undefined => {
    const cell = at.get(JSON.stringify([row, column]));
    if (!cell) return undefined;
    const reference = strategy === baseline ? null : (references.get(conditionKey(cell)) ?? null);
    const difference = cell.mean === null || reference === null ? null : cell.mean - reference;
    return { key: cell.key, mean: cell.mean, interval: cell.interval, difference };
  };
  return { strategy, rows, columns, cells: rows.map((row) => columns.map((column) => cellOf(row, column))) };
}

function conditionKey({ task, source, train, adapt, test, shots }: ReportCell): string {
  return JSON.stringify([task, source, train, adapt, test, shots]);
}
