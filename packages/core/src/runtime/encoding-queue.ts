import { Permits } from './permits.ts';
import { giveWay } from '../scheduling/turns.ts';

/**
 * Inputs that are read and encoded at a time: enough to keep the decoder's four threads busy. What they come to is worked
 * on by the event loop, and of more it would be without a turn for others.
 */
const AT_ONCE = 6;

/** Reads and encodes inputs of all calls of a model: few at a time, and others have their turns between. */
export class EncodingQueue {
  readonly #permits = new Permits(AT_ONCE);

  run<T>(work: () => Promise<T>): Promise<T> {
    return this.#permits.with(async () => {
      await giveWay();
      return work();
    });
  }
}
