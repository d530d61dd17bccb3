/** Bytes held by tensors, as far as the backend can tell. */
export interface MemoryReport {
  tensors: number;
  bytes: number;
  /** Resident set of this process, in bytes. */
  residentBytes: number;
  /** Device memory in use, in bytes, where the device has its own. */
  deviceBytes?: number;
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
  /** Kernel names that can run here; a run is checked against them before its first step. */
  hasKernel(kernelName: string): boolean;
  memory(): MemoryReport;
  /**
   * Makes a step callable at the backend's best speed. A step is a function over tensors
   * without side effects on JavaScript state; where a backend cannot capture it, the step
   * itself is returned.
   */
  compile<Args extends unknown[], Result>(step: (...args: Args) => Result): (...args: Args) => Result;
  close(): Promise<void>;
}
