import type { CellPattern } from '../config/bench-config.ts';
import { matches } from '../matrix/pattern.ts';
import type { PlannedCell, PlannedTrial } from '../plan/bench-plan.ts';
import type { BenchRecord } from '../records/bench-record.ts';

export interface PendingOptions {
  readonly records: ReadonlyMap<string, BenchRecord>;
  /** Whether cells that failed are tried again. */
  readonly retry: boolean;
  readonly only?: readonly CellPattern[];
}

/** The trials of which a cell is to be run, with those cells; of equal cells under several names one. */
export function pendingTrials(
  trials: readonly PlannedTrial[],
  { records, retry, only }: PendingOptions,
): PlannedTrial[] {
  const begun = new Set<string>();
  const isPending = ({ id, coordinates }: PlannedCell) => {
    const state = records.get(id)?.state;
    if (state === 'done' || (state === 'failed' && !retry) || begun.has(id)) return false;
    if (only && !only.some((pattern) => matches(coordinates, pattern))) return false;
    begun.add(id);
    return true;
  };
  return trials.flatMap((trial) => {
    const wanted = trial.cells.map(isPending);
    if (!wanted.includes(true)) return [];
    const tests = trial.request.tests.filter((_, i) => wanted[i]);
    return [{ ...trial, cells: trial.cells.filter((_, i) => wanted[i]), request: { ...trial.request, tests } }];
  });
}
