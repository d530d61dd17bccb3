import type { Precision, ReducedPrecision } from './precision.ts';

/** Bytes held by tensors, as far as the backend can tell. */
export interface MemoryReport {
  tensors: number;
  bytes: number;
  /** Resident set of this process, in bytes. */
  residentBytes: number;
  /** What tensors hold of the device's own memory, in bytes, where it has one. What kernels take while they run is not in it. */
  deviceBytes?: number;
}

/** A step made callable by a backend. Calls run one after another, in the order they were made. */
export interface CompiledStep<Args extends unknown[], Result> {
  /**
   * Runs the step; the caller owns the tensors of the result. The arguments' tensors must stay alive
   * until the promise settles. Variables hold their new values when it is fulfilled, their old ones
   * when it is rejected.
   */
  (...args: Args): Promise<Result>;
  /** Frees what the backend keeps for the step. Not to be called afterwards. */
  dispose(): void;
}

/** How a step is to be computed. */
export interface CompileOptions {
  /**
   * What products and convolutions are computed in, `float32` where absent. Variables and all that the
   * step takes and gives stay as they are. One of the backend's `precisions`.
   */
  readonly precision?: Precision;
  /**
   * The step is element-wise work on large tensors, such as an optimiser's update: the backend may
   * make one loop of it instead of one an operation.
   */
  readonly elementwise?: boolean;
}

/** The step as it is, for backends that run ops one by one. */
export function eagerStep<Args extends unknown[], Result>(step: (...args: Args) => Result): CompiledStep<Args, Result> {
  return Object.assign(async (...args: Args) => step(...args), { dispose: () => {} });
}

/**
 * The tensor engine that a process computes on. One per process, shared by all plugins.
 *
 * Tensor functions are written over TensorFlow.js ops; the backend decides how they run.
 */
export interface Backend {
  /** Such as `libtensorflow`, `tfjs-node`, `wasm`, `cpu`. */
  readonly name: string;
  readonly device: 'gpu' | 'cpu';
  /** Why this backend and device were chosen, in a sentence for the user. */
  readonly reason: string;
  /** Library versions and settings that determine the numbers, for model cards and resume. */
  readonly details: Readonly<Record<string, string>>;
  /** Threads that an op is computed with, where it can tell. */
  readonly threads?: number;
  memory(): MemoryReport;
  /** What else than float32 steps can be computed in, and whether the processor has instructions for it. */
  readonly precisions?: Readonly<Partial<Record<ReducedPrecision, 'fast' | 'slow'>>>;
  /**
   * Makes a step callable at the backend's best speed. A step is a synchronous function over tensors
   * in plain objects and arrays; numbers and strings may stand among them. It reads
   * no tensor's values and no JavaScript state that changes between calls; what it assigns are
   * variables that existed before it ran. It may be run once to be recorded and never again, so a
   * step that draws random numbers in JavaScript (and not by `StepRandom`), reads values or makes
   * variables is run as it is.
   */
  compile<Args extends unknown[], Result>(
    step: (...args: Args) => Result,
    options?: CompileOptions,
  ): CompiledStep<Args, Result>;
  /**
   * Compiled steps one after another as one step, each given what the one before gives: without running any of them in
   * JavaScript again. Of steps that have been called with inputs of one shape, which are all that it takes; undefined where
   * they cannot be joined. Dispose of it before them.
   */
  join?<Given>(steps: readonly CompiledStep<[Given], Given>[]): CompiledStep<[Given], Given> | undefined;
  /** Whether it has been closed: nothing can be computed on it any more. */
  readonly closed?: boolean;
  /** Frees the engine. Does nothing the second time. */
  close(): Promise<void>;
}
