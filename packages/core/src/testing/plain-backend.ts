import { memory, ready, setBackend } from '@tensorflow/tfjs-core';
import { eagerStep, type Backend } from '../ports/backend.ts';

/** The plain JavaScript backend of TensorFlow.js as a `Backend`: slow, everywhere, deterministic. */
export async function plainBackend(): Promise<Backend> {
  await import('@tensorflow/tfjs-backend-cpu');
  await setBackend('cpu');
  await ready();
  return {
    name: 'cpu',
    device: 'cpu',
    reason: 'tests of small networks',
    details: {},
    memory() {
      const { numTensors, numBytes } = memory();
      return { tensors: numTensors, bytes: numBytes, residentBytes: process.memoryUsage.rss() };
    },
    compile: eagerStep,
    close: async () => {},
  };
}
