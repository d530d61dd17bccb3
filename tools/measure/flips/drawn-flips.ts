/** A bit that was flipped: bit `bit` of byte `at`. */
export interface Flip {
  readonly altered: Buffer;
  readonly at: number;
  readonly bit: number;
}

/** Draws by a fixed seed: whole numbers below a bound, and bits to flip. The same calls give the same draws. */
export class DrawnFlips {
  #state = 1;

  below(bound: number): number {
    this.#state = (this.#state * 48271) % 2147483647; // Park and Miller's generator
    return this.#state % bound;
  }

  /** A copy of bytes with one bit flipped. */
  of(bytes: Uint8Array): Flip {
    const [at, bit] = [this.below(bytes.length), this.below(8)];
    const altered = Buffer.from(bytes);
    altered[at]! ^= 1 << bit;
    return { altered, at, bit };
  }
}
