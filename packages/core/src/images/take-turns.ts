import { setImmediate } from 'node:timers/promises';

let last: Promise<void> = Promise.resolve();

/**
 * Resolves when the event loop has gone round once for everyone who asked before. Pictures that are decoded side by
 * side often come back together, and what is left to do takes milliseconds for each: one picture a round leaves the loop
 * to others in between.
 */
export function takeTurns(): Promise<void> {
  last = last.then(() => setImmediate());
  return last;
}
