import { HeadstartError } from '@headstart/artifacts/errors';
import type { BenchRecord } from '../records/bench-record.ts';
import type { RecordStore } from '../records/record-store.ts';
import { failedRecord } from './make-record.ts';
import type { Unit } from './unit.ts';
import type { CellReport, UnitReport } from './work.ts';

/** What a record says came of its cell. */
export function reportOf({ id, coordinates, state, error, measured }: BenchRecord): CellReport {
  const { seconds, memory, features } = measured;
  return { id, coordinates, state, ...(error && { error }), seconds: seconds.total, memory, features };
}

/** Records all cells of a unit as failed, where whoever did them cannot. */
export async function publishFailed(
  store: RecordStore,
  { trials }: Unit,
  error: HeadstartError,
  seconds: number,
): Promise<UnitReport> {
  const cells: CellReport[] = [];
  for (const cell of trials.flatMap((trial) => trial.cells)) {
    const { record } = failedRecord(cell, error, seconds);
    await store.publish(record);
    cells.push({ ...reportOf(record), memory: 0 });
  }
  return { cells, taken: [] };
}
