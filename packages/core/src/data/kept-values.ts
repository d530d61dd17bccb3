/**
 * Keeps values by key up to a limit of bytes. What comes first stays: when keys come round in turn, that finds more
 * of them than to drop the one unused for longest.
 */
export class KeptValues<Value> {
  readonly #kept = new Map<string, Promise<Value>>();
  #bytes = 0;

  /** @param bytesOf what a value takes of the limit */
  constructor(
    private readonly bytesOf: (value: Value) => number,
    private readonly limit: number,
  ) {}

  /**
   * The value, made unless it is kept or under way. It is shared: nobody may write to it. A failure is not kept.
   */
  get(key: string, make: () => Promise<Value>): Promise<Value> {
    const found = this.#kept.get(key);
    if (found) return found;
    const making = make();
    this.#kept.set(key, making);
    making.then(
      (value) => this.#admit(key, value),
      () => this.#kept.delete(key),
    );
    return making;
  }

  #admit(key: string, value: Value): void {
    const bytes = this.bytesOf(value);
    if (this.#bytes + bytes <= this.limit) this.#bytes += bytes;
    else this.#kept.delete(key);
  }
}
