import type { Backend } from '@headstart/core';
import * as tf from '@tensorflow/tfjs-core';

export interface RegisteredBackend {
  name: string;
  device: 'gpu' | 'cpu';
  /** The name that tfjs-core knows the engine by. */
  tfjsName: string;
  details: Record<string, string>;
  /** Releases what tfjs-core does not know of. */
  release?(): void;
}

/** The port's face of an engine that is registered with tfjs-core, and makes it the active one. */
export async function activate(engine: RegisteredBackend, reason: string, closed: () => void): Promise<Backend> {
  await tf.setBackend(engine.tfjsName);
  await tf.ready();
  return {
    name: engine.name,
    device: engine.device,
    reason,
    details: { ...engine.details, tfjs: tf.version_core, node: process.versions.node },
    hasKernel: (kernelName) => tf.getKernel(kernelName, engine.tfjsName) !== undefined,
    memory() {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, bytes: numBytes, residentBytes: process.memoryUsage.rss() };
    },
    // Ops run one by one; the port allows a step to be returned as it is.
    compile: (step) => step,
    async close() {
      tf.removeBackend(engine.tfjsName);
      engine.release?.();
      closed();
    },
  };
}
