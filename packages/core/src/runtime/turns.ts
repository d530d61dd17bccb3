import { setImmediate } from 'node:timers/promises';

/** How long work holds the event loop before others get a turn, in milliseconds. */
const TURN = 8;

/** Lets others have their turn between pieces of long work on the event loop. */
export class Turns {
  #since = performance.now();
  /** The turn that others are having: all pieces wait for its end together, and then share one turn, not one each. */
  #others: Promise<void> | undefined;

  /** To be awaited between two pieces: gives way where the turn has lasted long enough. */
  next(): Promise<void> {
    if (!this.#others && performance.now() - this.#since < TURN) return Promise.resolve();
    return (this.#others ??= this.#giveWay());
  }

  async #giveWay(): Promise<void> {
    await setImmediate();
    this.#others = undefined;
    this.#since = performance.now();
  }
}
