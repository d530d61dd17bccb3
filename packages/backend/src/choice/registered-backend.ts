import { eagerStep, type Backend, type MemoryReport } from '@headstart/core/backend';
import { HeadstartError } from '@headstart/core';
import * as tf from '@tensorflow/tfjs-core';

export interface RegisteredBackend {
  name: string;
  device: 'gpu' | 'cpu';
  /** The name that tfjs-core knows the engine by. */
  tfjsName: string;
  details: Record<string, string>;
  /** Threads that an op is computed with. */
  threads?: number;
  /** How steps are captured; without it, ops run one by one. */
  compile?: Backend['compile'];
  /** How captured steps are joined. */
  join?: Backend['join'];
  /** What captured steps can compute in beside float32. */
  precisions?: Backend['precisions'];
  /** What tensors hold of the device's own memory, in bytes. */
  deviceBytes?(): number;
  /** Releases what tfjs-core does not know of. */
  release?(): void;
}

/** The port's face of an engine that is registered with tfjs-core, and makes it the active one. */
export async function activate(engine: RegisteredBackend, reason: string, closed: () => void): Promise<Backend> {
  await start(engine.tfjsName);
  const compile = engine.compile ?? eagerStep;
  let open = true;
  return {
    name: engine.name,
    device: engine.device,
    reason,
    details: { ...engine.details, tfjs: tf.version_core, node: process.versions.node },
    ...(engine.threads !== undefined && { threads: engine.threads }),
    memory() {
      const { numTensors, numBytes } = tf.memory();
      const report: MemoryReport = { tensors: numTensors, bytes: numBytes, residentBytes: process.memoryUsage.rss() };
      if (engine.deviceBytes) report.deviceBytes = engine.deviceBytes();
      return report;
    },
    precisions: engine.precisions,
    compile(step, options) {
      if (open) return compile(step, options);
      throw new HeadstartError({
        code: 'closed',
        message: `The backend ${engine.name} has been closed: nothing can be computed on it any more.`,
        hint: 'Open a backend anew with openBackend().',
      });
    },
    join: (steps) => (open ? engine.join?.(steps) : undefined),
    get closed() {
      return !open;
    },
    async close() {
      if (!open) return;
      open = false;
      // Removing a backend forgets how to make it; it is made known again for the next opening.
      const factory = tf.findBackendFactory(engine.tfjsName);
      tf.removeBackend(engine.tfjsName);
      if (factory && !engine.release) tf.registerBackend(engine.tfjsName, factory);
      engine.release?.();
      closed();
    },
  };
}

/** Initialises the engine and lets it multiply once: an engine that cannot is none. */
async function start(tfjsName: string): Promise<void> {
  try {
    if (!(await tf.setBackend(tfjsName))) throw new Error('it does not initialise');
    const result = tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])));
    const [product] = await result.data().finally(() => result.dispose());
    if (product !== 11) throw new Error(`it gives ${product} for 1 * 3 + 2 * 4`);
  } catch (cause) {
    if (tf.findBackend(tfjsName)) tf.removeBackend(tfjsName);
    if (HeadstartError.is(cause)) throw cause;
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: `The engine ${tfjsName} does not work: ${cause instanceof Error ? cause.message : String(cause)}`,
      hint: 'Run `headstart backend doctor`, or choose another backend with HEADSTART_BACKEND.',
      cause,
    });
  }
}
