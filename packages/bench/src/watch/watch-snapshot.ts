import type { Coordinates } from '../records/bench-record.ts';

/** A cell that came to its end. */
export interface EndedCell {
  readonly coordinates: Coordinates;
  readonly state: 'done' | 'failed';
  /** Why it failed. */
  readonly message?: string;
  readonly seconds: number;
}

/** How far a benchmark is. JSON. */
export interface WatchSnapshot {
  readonly name: string;
  readonly state: 'planning' | 'running' | 'ended';
  /** Cells that can be; those that cannot; and what came of the former so far. */
  readonly planned: number;
  readonly refused: number;
  readonly done: number;
  readonly failed: number;
  /** Seconds that are expected to be left; null before the first cell. */
  readonly left: number | null;
  /** The last first. */
  readonly latest: readonly EndedCell[];
  readonly failures: readonly EndedCell[];
  readonly warnings: readonly string[];
}
