import type { CellPattern } from '../config/bench-config.ts';
import type { Coordinates } from '../records/bench-record.ts';

/** Whether a cell has every coordinate that a pattern names. */
export function matches(coordinates: Coordinates, pattern: CellPattern): boolean {
  return Object.entries(pattern).every(
    ([key, value]) => value === undefined || coordinates[key as keyof Coordinates] === value,
  );
}
