import type { Progress } from '@headstart/artifacts';
import type { CellPattern } from '../config/bench-config.ts';
import type { BenchPlan } from '../plan/bench-plan.ts';
import type { StartWorker } from './process-hand.ts';
import type { CellReport } from './work.ts';

/** What a benchmark reports while it runs. */
export interface BenchEvents {
  /** Before anything runs: what is planned, what is refused, how many cells have a record already. */
  planned?(plan: BenchPlan, there: { readonly done: number; readonly failed: number }): void;
  /** After each cell, with the seconds that are expected to be left. */
  cell?(report: CellReport, left: number): void;
  /** Something that whoever runs it should know: a damaged record, fewer workers than asked for. */
  warning?(message: string): void;
}

/** How a benchmark is run. */
export interface BenchOptions {
  /** Its folder; what is there of the same benchmark is gone on with. */
  readonly out: string;
  /** How messages name the configuration. */
  readonly file?: string;
  /** What relative paths in it start from; the working folder where absent. */
  readonly folder?: string;
  /** The folder has to hold the benchmark already, and cells that failed are tried again. */
  readonly resume?: boolean;
  /** Runs just the cells that match one of these patterns. */
  readonly only?: readonly CellPattern[];
  /** Processes that work side by side; those of the configuration where absent. They need `startWorker`. */
  readonly workers?: number;
  /** Starts a worker process: a program that is forked and calls `serveBench`. */
  readonly startWorker?: StartWorker;
  /** Address of a queue, `redis://host:port` or `rediss://`: workers at it (`serveQueue`) do the cells, and none here. */
  readonly queue?: string;
  /** Where workers at the queue publish, `s3://bucket/prefix`; where absent, in the benchmark's folder, which they share. */
  readonly store?: string;
  readonly events?: BenchEvents;
  readonly progress?: Progress;
  /** Ends the benchmark at the next step (error code `interrupted`); the cells that were done stay. */
  readonly signal?: AbortSignal;
}
