import * as fc from 'fast-check';

/** Draws from one seed, by fast-check: the same calls give the same values. */
export class Draw {
  readonly #next: fc.GeneratorValue;

  constructor(seed: number) {
    [this.#next] = fc.sample(fc.gen(), { seed, numRuns: 1 }) as [fc.GeneratorValue];
  }

  /** A whole number from 0 to `most - 1`; 0 where there is none. */
  below(most: number): number {
    return most <= 1 ? 0 : this.#next(fc.integer, { min: 0, max: most - 1 });
  }

  /** Once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  bytes(length: number): Buffer {
    return Buffer.from(this.#next(fc.uint8Array, { minLength: length, maxLength: length }));
  }

  /** Any text, of any characters. */
  text(): string {
    return this.#next(fc.string, { unit: 'binary', maxLength: 40 });
  }

  double(): number {
    return this.#next(fc.double);
  }

  /** Any JSON value, small. */
  json(): unknown {
    return this.#next(fc.jsonValue, { maxDepth: 3 });
  }
}
