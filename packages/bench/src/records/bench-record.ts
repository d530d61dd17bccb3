import type { ErrorCode } from '@headstart/artifacts/errors';
import type { EpochInfo, ResolvedChoice } from '@headstart/core';
import type { TrialIdentity } from '@headstart/core/trials';

/** Where a cell stands in the matrix, by the names that the configuration gives. */
export interface Coordinates {
  readonly source: string;
  readonly train: string;
  readonly adapt: string | null;
  readonly test: string;
  readonly strategy: string;
  readonly shots: number | 'all';
  readonly seed: number;
}

/**
 * One cell of a benchmark: a transfer and the domain that it was judged on. Kept in `records/<first two digits>/<id>/` as
 * `record.json` with `predictions.parquet` beside it, written aside and renamed into place: folders merge by copying.
 */
export interface BenchRecord {
  readonly format: 1;
  /** SHA-256, hex, of what determines the cell: its identity with the one test, in canonical JSON. */
  readonly id: string;
  readonly coordinates: Coordinates;
  readonly task: string;
  /** The identity with `tests` of one element. */
  readonly identity: TrialIdentity;
  readonly state: 'done' | 'failed';
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly hint: string };
  /** By split; `judged`, and of these `judgedAndTrained` where some have the content of a training sample. */
  readonly samples: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly intervals: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** The same metrics on the training samples, for the gap. */
  readonly training?: Readonly<Record<string, number>>;
  readonly history: readonly EpochInfo[];
  readonly choices: readonly ResolvedChoice[];
  readonly warnings: readonly string[];
  readonly predictions?: { readonly file: 'predictions.parquet'; readonly sha256: string; readonly rows: number };
  /**
   * Libraries and settings that the last bits of its numbers depend on, such as the version of TensorFlow and how many threads
   * add up. Not part of the id: machines that share a benchmark need not be alike. Absent in records from before it was kept.
   */
  readonly environment?: Readonly<Record<string, string>>;
  /** What another run of the same cell may find otherwise; in no number of the report's tables but its cost. */
  readonly measured: {
    readonly seconds: Readonly<Record<'total' | 'features' | 'training' | 'evaluation', number>>;
    /** Bytes. */
    readonly memory: number;
    readonly features: { readonly computed: number; readonly reused: number };
    /** How many trainings shared its steps. */
    readonly together: number;
    /** Where several did: ids of the cells of each, in the order in which they were stacked. Absent in records from before it was kept. */
    readonly stack?: readonly (readonly string[])[];
    /** ISO 8601. */
    readonly finished: string;
  };
  /** SHA-256, hex, of the canonical JSON of all above. */
  readonly digest: string;
}
