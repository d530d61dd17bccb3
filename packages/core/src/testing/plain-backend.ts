import { engine, memory, ready, setBackend } from '@tensorflow/tfjs-core';
import { HeadstartError } from '@headstart/artifacts/errors';
import { eagerStep, type Backend } from '../ports/backend.ts';

const PACKAGE = '@tensorflow/tfjs-backend-cpu';

/**
 * The plain JavaScript backend of TensorFlow.js as a `Backend`: slow, everywhere, deterministic.
 * @throws HeadstartError `backend-unavailable` where its package is not installed
 */
export async function plainBackend(): Promise<Backend> {
  try {
    await import('@tensorflow/tfjs-backend-cpu');
  } catch (cause) {
    throw new HeadstartError({
      code: 'backend-unavailable',
      message: `The plain JavaScript backend is not here: ${PACKAGE} cannot be imported.`,
      hint: `Install it for your tests (npm install --save-dev ${PACKAGE}), or give the check another backend: { backend: await openBackend() } of @headstart/backend.`,
      cause,
    });
  }
  await setBackend('cpu');
  await ready();
  return eagerBackend('cpu', 'tests of small networks');
}

/**
 * What the conformance kit computes on: the backend that is given, else the one that TensorFlow.js has in this process
 * already, op by op, else plain JavaScript.
 * @throws HeadstartError `backend-unavailable`
 */
export async function checkingBackend(given?: Backend): Promise<Backend> {
  if (given) return given;
  const current = engine().backendName as string | undefined;
  return current === undefined ? plainBackend() : eagerBackend(current, 'in use already');
}

function eagerBackend(name: string, reason: string): Backend {
  return {
    name,
    device: 'cpu',
    reason,
    details: {},
    memory() {
      const { numTensors, numBytes } = memory();
      return { tensors: numTensors, bytes: numBytes, residentBytes: process.memoryUsage.rss() };
    },
    compile: eagerStep,
    close: async () => {},
  };
}
