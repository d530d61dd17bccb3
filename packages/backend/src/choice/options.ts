import { availableParallelism } from 'node:os';
import { HeadstartError, type Artifacts, type Progress } from '@headstart/core';
import { unknownName } from '@headstart/artifacts/errors';

/** The engines by name. Which is the best depends on the machine: `choice/order.ts`. */
export const BACKEND_NAMES = ['libtensorflow', 'webgpu', 'tfjs-node', 'wasm', 'cpu'] as const;
export type BackendName = (typeof BACKEND_NAMES)[number];

export interface BackendOptions {
  /** `auto` takes the first of the order that works. `HEADSTART_BACKEND` overrides it. */
  prefer?: BackendName | 'auto';
  /** `gpu` fails where there is none; `auto` takes one where there is one. */
  device?: 'gpu' | 'cpu' | 'auto';
  /** Most GPU memory to take, in bytes; without it, memory grows as needed up to all there is. Of no effect on a CPU. */
  memoryLimit?: number;
  /** Threads inside one op and ops at once; each defaults to the machine's parallelism. */
  threads?: { intraOp?: number; interOp?: number };
  /** Where libtensorflow is fetched from when it is not here yet. */
  artifacts?: Artifacts;
  progress?: Progress;
  /** False: use what is on this machine and fetch nothing. */
  install?: boolean;
  /**
   * Record each step once and replay it as one TensorFlow function, on a worker thread (libtensorflow
   * only); true unless `HEADSTART_CAPTURE` is 0.
   */
  capture?: boolean;
  /**
   * How far the threads that compute give way to the event loop, and to other programs, where there are more threads than
   * processors: Linux's niceness, 0 to 19 (libtensorflow only, from when it is loaded); 0 by default.
   */
  niceness?: number;
  /** Have XLA compile captured steps as a whole; false by default: it makes convolutions slower on a CPU. */
  jit?: boolean;
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  prefer: BackendName | 'auto';
  device: 'gpu' | 'cpu' | 'auto';
  memoryLimit?: number;
  threads: { intraOp: number; interOp: number };
  artifacts?: Artifacts;
  progress?: Progress;
  install: boolean;
  capture: boolean;
  niceness: number;
  jit: boolean;
}

/** @throws HeadstartError `unknown-name` or `invalid-option` */
export function resolveOptions(options: BackendOptions, env: NodeJS.ProcessEnv = process.env): ResolvedOptions {
  const prefer = env.HEADSTART_BACKEND || options.prefer || 'auto';
  if (prefer !== 'auto' && !isBackendName(prefer)) throw unknownName('backend', prefer, [...BACKEND_NAMES, 'auto']);
  const device = options.device ?? 'auto';
  if (!['gpu', 'cpu', 'auto'].includes(device)) throw unknownName('device', device, ['gpu', 'cpu', 'auto']);
  const cores = availableParallelism();
  return {
    prefer,
    device,
    memoryLimit: memorySize(options.memoryLimit),
    threads: {
      intraOp: count('threads.intraOp', options.threads?.intraOp) ?? cores,
      interOp: count('threads.interOp', options.threads?.interOp) ?? cores,
    },
    artifacts: options.artifacts,
    progress: options.progress,
    install: options.install ?? true,
    niceness: nicenessOf(options.niceness) ?? 0,
    jit: options.jit ?? false,
    capture: options.capture ?? env.HEADSTART_CAPTURE !== '0',
  };
}

function isBackendName(name: string): name is BackendName {
  return (BACKEND_NAMES as readonly string[]).includes(name);
}

/** TensorFlow takes its memory limit in MiB. */
const LEAST_MEMORY = 2 ** 20;

function memorySize(value: number | undefined): number | undefined {
  if (value !== undefined && !(Number.isSafeInteger(value) && value >= LEAST_MEMORY)) {
    throw invalid('memoryLimit', value, `a whole number of bytes, ${LEAST_MEMORY} (1 MiB) or more`);
  }
  return value;
}

/** The greatest niceness. */
const NICEST = 19;

function nicenessOf(value: number | undefined): number | undefined {
  if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value <= NICEST))
    throw invalid('niceness', value, `a whole number from 0 to ${NICEST}`);
  return value;
}

function count(name: string, value: number | undefined): number | undefined {
  if (value !== undefined && !(Number.isInteger(value) && value > 0))
    throw invalid(name, value, 'a whole number above zero');
  return value;
}

function invalid(name: string, value: number, expected: string): HeadstartError {
  return new HeadstartError({
    code: 'invalid-option',
    message: `The backend option ${name} is ${value}; it must be ${expected}.`,
    hint: `Pass ${expected} or leave ${name} out.`,
  });
}
