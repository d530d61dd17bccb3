/** A transfer that brings less than this in a whole window has stalled. */
const LEAST_BYTES = 64 * 1024;
const WINDOW_MS = 60_000;

/** Watches how fast a transfer is: bytes that trickle keep a connection alive for ever. */
export class SpeedFloor {
  #bytes = 0;
  #since: number;

  /** @param now milliseconds of a clock that is never put back */
  constructor(now: number) {
    this.#since = now;
  }

  /** Counts bytes that came. @returns what is wrong with the speed; undefined where nothing is */
  add(bytes: number, now: number): string | undefined {
    this.#bytes += bytes;
    const passed = now - this.#since;
    if (passed < WINDOW_MS) return undefined;
    const slow = this.#bytes < (LEAST_BYTES * passed) / WINDOW_MS;
    const problem = slow ? `only ${this.#bytes} bytes came in ${Math.round(passed / 1000)} s` : undefined;
    this.#bytes = 0;
    this.#since = now;
    return problem;
  }
}
