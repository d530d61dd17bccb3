/** What became of one reading of data: what `train` would have begun with, or what it would have said. */
export type Observation = ReadObservation | RefusedObservation | Hang | InternalFailure;

export interface ReadObservation {
  readonly kind: 'read';
  readonly reader: string;
  readonly task: string;
  readonly labels: readonly string[];
  /** Samples a split: train, validation, test. */
  readonly splits: readonly [number, number, number];
  readonly unlabelled: number;
  /** Objects of all samples. */
  readonly objects: number;
  /** The sum of their boxes' areas in pixels; absent for an archive. */
  readonly area?: number;
  /** A few samples: the text or the picture's id, and its labels' names. */
  readonly examples: readonly string[];
  /** Everything that was said: the roles of columns, warnings, what was passed over, what was skipped. */
  readonly said: readonly string[];
}

export interface RefusedObservation {
  readonly kind: 'refused';
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** No answer in time. */
export interface Hang {
  readonly kind: 'hang';
  readonly message: string;
}

/** An error that is none of ours, or the end of the process. */
export interface InternalFailure {
  readonly kind: 'internal';
  readonly message: string;
}
