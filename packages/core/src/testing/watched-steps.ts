import { engine, Tensor } from '@tensorflow/tfjs-core';
import type { Backend } from '../ports/backend.ts';

/** What a step does that would make its recording differ from it. */
export type StepFault =
  | 'reads the values of a tensor'
  | "draws from JavaScript's own random numbers"
  | 'makes a variable';

/**
 * A backend that notes what steps do and may not, being recorded once and replayed (see `Backend.compile`), whether it
 * records or not.
 */
export function watchingSteps(backend: Backend, faults: Set<StepFault>): Backend {
  const compile: Backend['compile'] = (step, options) =>
    backend.compile((...args: Parameters<typeof step>) => watched(faults, () => step(...args)), options);
  return Object.create(backend, { compile: { value: compile } }) as Backend;
}

const READS = ['dataSync', 'arraySync', 'bytesSync'] as const;

function watched<T>(faults: Set<StepFault>, work: () => T): T {
  const prototype = Tensor.prototype as unknown as Record<string, unknown>;
  const reads = READS.filter((name) => typeof prototype[name] === 'function').map(
    (name) => [name, prototype[name]] as const,
  );
  const { random } = Math;
  const variables = Object.keys(engine().state.registeredVariables);
  for (const [name, read] of reads)
    prototype[name] = function (this: Tensor, ...args: unknown[]) {
      faults.add('reads the values of a tensor');
      return (read as (...args: unknown[]) => unknown).apply(this, args);
    };
  Math.random = () => {
    faults.add("draws from JavaScript's own random numbers");
    return random();
  };
  try {
    return work();
  } finally {
    Math.random = random;
    for (const [name, read] of reads) prototype[name] = read;
    if (Object.keys(engine().state.registeredVariables).some((name) => !variables.includes(name)))
      faults.add('makes a variable');
  }
}
