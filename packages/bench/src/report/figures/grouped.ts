import type { ReportCell } from '../report-data.ts';

/** Cells by what they have in common, in the order of the first of each. */
export function grouped(cells: readonly ReportCell[], by: (cell: ReportCell) => unknown): ReportCell[][] {
  const groups = new Map<string, ReportCell[]>();
  for (const cell of cells) {
    const key = JSON.stringify(by(cell));
    const group = groups.get(key);
    if (group) group.push(cell);
    else groups.set(key, [cell]);
  }
  return [...groups.values()];
}
