import { existsSync, readdirSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** The process's threads by their numbers, on Linux. */
const THREADS = '/proc/self/task';

/**
 * Runs what makes threads, and gives those a niceness: where there are more threads than processors, they then give way
 * to the others of the process, the event loop's among them. Only Linux has a niceness for each thread (sched(7)); does
 * nothing more than run the work elsewhere.
 */
export function withNiceThreads<T>(niceness: number, work: () => T): T {
  if (niceness === 0 || !existsSync(THREADS)) return work();
  const before = new Set(readdirSync(THREADS));
  const result = work();
  for (const thread of readdirSync(THREADS)) if (!before.has(thread)) makeNice(Number(thread), niceness);
  return result;
}

function makeNice(thread: number, niceness: number): void {
  try {
    setPriority(thread, Math.max(niceness, getPriority()));
  } catch {
    // It has ended since, or the system does not let us: all is as it was.
  }
}
