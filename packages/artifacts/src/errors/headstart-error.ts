/**
 * Stable error codes. A code never changes its meaning; messages may be reworded.
 * Each code says which part failed, so that a caller can react without parsing text.
 */
export type ErrorCode =
  // what the user asked for
  | 'usage'
  | 'unknown-name'
  | 'invalid-option'
  | 'not-supported'
  | 'closed'
  // target data
  | 'target-not-found'
  | 'target-empty'
  | 'target-too-small'
  | 'target-unreadable'
  | 'target-doubtful'
  | 'sample-unreadable'
  | 'label-invalid'
  // artifacts, weights, models
  | 'artifact-not-found'
  | 'artifact-unreachable'
  | 'artifact-digest'
  | 'artifact-too-large'
  | 'archive-unsafe'
  | 'archive-invalid'
  | 'checkpoint-unsafe'
  | 'checkpoint-invalid'
  | 'weights-mismatch'
  | 'model-invalid'
  // storage
  | 'storage-full'
  | 'storage-denied'
  | 'storage-failed'
  // plugins
  | 'plugin-invalid'
  | 'plugin-failed'
  | 'plugin-conflict'
  | 'plugin-incompatible'
  | 'plugin-missing'
  // configuration
  | 'config-invalid'
  // benchmarks
  | 'record-invalid'
  | 'queue-unreachable'
  // running
  | 'backend-unavailable'
  | 'backend-missing-kernel'
  | 'backend-failed'
  | 'resume-mismatch'
  | 'run-in-use'
  | 'diverged'
  | 'not-finite'
  | 'interrupted'
  | 'internal';

export interface ErrorDetails {
  code: ErrorCode;
  /** What happened, with the value or file that was received. */
  message: string;
  /** What the reader can do about it. */
  hint: string;
  /** The npm package whose installation mends it, with a version where it has to be that one. */
  install?: string;
  cause?: unknown;
}

/** Characters of a message's beginning and end, where it is longer: files may hold names of any length. */
const [BEGINNING, END] = [2000, 500];

function bounded(text: string): string {
  return text.length <= BEGINNING + END ? text : `${text.slice(0, BEGINNING)} … ${text.slice(-END)}`;
}

/** What every copy of the class marks its errors with. */
const BRAND = Symbol.for('headstart.error');

/**
 * Every error that Headstart raises on purpose: what happened, why, and what to do. Known from others by a mark, so that
 * those of a second copy of this package in the process are of the class, too: by `HeadstartError.is` and `instanceof`.
 */
export class HeadstartError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  /** The npm package whose installation mends it; absent where none does. */
  declare readonly install?: string;

  get [BRAND](): true {
    return true;
  }

  /** Whether a value is an error of Headstart, whichever copy of this package made it. */
  static is(value: unknown): value is HeadstartError {
    return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return this === HeadstartError ? HeadstartError.is(value) : super[Symbol.hasInstance](value);
  }

  constructor({ code, message, hint, install, cause }: ErrorDetails) {
    super(bounded(message), cause === undefined ? undefined : { cause });
    this.name = 'HeadstartError';
    this.code = code;
    this.hint = bounded(hint);
    if (install !== undefined) this.install = install;
  }

  /** The shape that `--json` prints: `{ code, message, hint }`, and `install` where a package mends it. */
  toJSON(): { code: ErrorCode; message: string; hint: string; install?: string } {
    const { code, message, hint, install } = this;
    return { code, message, hint, ...(install !== undefined && { install }) };
  }
}
