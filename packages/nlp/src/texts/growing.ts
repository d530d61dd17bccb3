type Numbers = Int32Array | Float64Array | Uint8Array;

/** A typed array that grows by doubling: a few bytes per number where an array of objects takes dozens. */
export class Growing<A extends Numbers> {
  #values: A;
  length = 0;

  constructor(private readonly Type: new (length: number) => A) {
    this.#values = new Type(256);
  }

  push(...values: readonly number[]): void {
    this.append(values);
  }

  append(values: ArrayLike<number>): void {
    const length = this.length + values.length;
    if (length > this.#values.length) {
      const larger = new this.Type(Math.max(length, 2 * this.#values.length));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values.set(values, this.length);
    this.length = length;
  }

  /** Ends growing: the numbers, no longer than they are. What they grew in is let go. */
  finish(): A {
    const values = this.#values.slice(0, this.length) as A;
    this.#values = new this.Type(0);
    this.length = 0;
    return values;
  }
}
