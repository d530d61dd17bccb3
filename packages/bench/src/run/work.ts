import type { ErrorCode } from '@headstart/artifacts/errors';
import type { Coordinates } from '../records/bench-record.ts';
import type { Unit } from './unit.ts';

/** What came of a cell, once its record is published. JSON. */
export interface CellReport {
  readonly id: string;
  readonly coordinates: Coordinates;
  readonly state: 'done' | 'failed';
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly hint: string };
  readonly seconds: number;
  /** Bytes. */
  readonly memory: number;
  readonly features: { readonly computed: number; readonly reused: number };
}

/** What came of a unit. JSON. */
export interface UnitReport {
  readonly cells: readonly CellReport[];
  /** Trials that another process is at: whoever handed out the unit looks again later. */
  readonly taken: Unit['trials'];
}

/**
 * Does units of work, one at a time: in this process, in another, or behind a queue. A unit is done once the records of
 * its cells are published; what ends the whole benchmark (a full disk, an interruption) is thrown.
 */
export interface Hand {
  /**
   * @param late from when on it must not be begun
   * @returns undefined where it was not
   */
  work(unit: Unit, signal: AbortSignal, late?: AbortSignal): Promise<UnitReport | undefined>;
  close(): Promise<void>;
}

/** Keeps trials from being trained twice. */
export interface Claims {
  /** Runs work with those of the claims that nobody else has; they are free again afterwards. */
  holding<T>(names: readonly string[], work: (held: ReadonlySet<string>) => Promise<T>): Promise<T>;
}

/** For work that is handed out once by itself. */
export const noClaims: Claims = { holding: (names, work) => work(new Set(names)) };

/** What a worker process is told. */
export type ToWorker = { readonly work: Unit } | { readonly stop: true };

/** What a worker process tells: that it can begin, and what came of a unit. */
export type FromWorker =
  | { readonly ready: true }
  | { readonly done: UnitReport }
  | { readonly failed: { readonly code: ErrorCode; readonly message: string; readonly hint: string } };
