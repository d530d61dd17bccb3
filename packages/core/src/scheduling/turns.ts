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

const everyone = new Turns();

/**
 * To be awaited between two pieces of long work on the event loop, of a millisecond or two each: gives way where the loop has
 * been held for too long. All work of the process counts together.
 */
export function giveWay(): Promise<void> {
  return everyone.next();
}

/** Numbers, or bytes, of a piece of work that goes through all of them: a millisecond or two. */
const PIECE = 2 ** 20;

/** A large array piece by piece, with turns of others between. */
export async function* inPieces<T extends { readonly length: number; subarray(from: number, to: number): T }>(
  values: T,
): AsyncGenerator<{ readonly piece: T; readonly from: number }> {
  for (let from = 0; from < values.length; from += PIECE) {
    await giveWay();
    yield { piece: values.subarray(from, from + PIECE), from };
  }
}
