import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { setTimeout } from 'node:timers/promises';
import { engine } from '@tensorflow/tfjs-core';
import { watchingFiles } from './watched-files.ts';

/** Promises and what Node.js keeps of its own; everything else waits for something outside. */
const PASSING = /^(PROMISE|TickObject|Microtask|AsyncLocalStorage|RANDOMBYTESREQUEST|TIMERWRAP|Immediate)$/i;
/** Modules are read to be imported, by Node.js or by a test runner. */
const MODULE = /[\\/]node_modules[\\/]|\.(?:[cm]?[jt]sx?|json|node|wasm|map)$/;

const inside = new AsyncLocalStorage<true>();

/**
 * Does some work that is to do nothing lasting, and says what it does beside: tensors that it makes, files that it
 * opens or changes (modules apart), timers, sockets, processes and the like that are there when it has ended. What
 * native addons and other threads do, and computation by itself, is not seen.
 */
export async function noticed<T>(work: () => T | Promise<T>): Promise<{ result: T; notices: string[] }> {
  const handles = new Map<number, string>();
  const hook = createHook({
    init(id, type) {
      if (inside.getStore() && !PASSING.test(type)) handles.set(id, type);
    },
    destroy: (id) => void handles.delete(id),
  });
  const tensors = engine().state.numTensors;
  hook.enable();
  try {
    const { result, files } = await watchingFiles(() => inside.run(true, work));
    const made = engine().state.numTensors - tensors;
    for (let round = 0; round < 2; round++) await setTimeout(0); // what has ended is destroyed in a later turn
    const touched = (paths: readonly string[]) => [...new Set(paths)].filter((path) => !MODULE.test(path));
    const [read, written] = [touched(files.read), touched(files.written)];
    const notices = [
      made === 0 ? '' : `makes ${made} ${made === 1 ? 'tensor' : 'tensors'}`,
      read.length === 0 ? '' : `reads ${read.join(', ')}`,
      written.length === 0 ? '' : `writes ${written.join(', ')}`,
      handles.size === 0 ? '' : `leaves ${[...new Set(handles.values())].join(', ')} behind`,
    ];
    return { result, notices: notices.filter(Boolean) };
  } finally {
    hook.disable();
  }
}
