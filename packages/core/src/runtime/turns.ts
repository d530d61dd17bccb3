import { setImmediate } from 'node:timers/promises';

/** How long work holds the event loop before others get a turn, in milliseconds. */
const TURN = 8;

/** Lets others have their turn between pieces of long work on the event loop. */
export class Turns {
  #since = performance.now();

  /** To be awaited between two pieces: gives way where the turn has lasted long enough. */
  async next(): Promise<void> {
    if (performance.now() - this.#since < TURN) return;
    await setImmediate();
    this.#since = performance.now();
  }
}
