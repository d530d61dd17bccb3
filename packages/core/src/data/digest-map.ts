import { createHash } from 'node:crypto';

const BYTES = 32;
const HEX = /^[0-9a-f]{64}$/;

/**
 * A map from digests to 32-bit numbers that takes some sixty bytes per entry, a third of what a map of strings does.
 * Open addressing with linear probing; a digest's own first bytes say where the search for it begins.
 */
export class DigestMap {
  /** How many digests are in it. */
  size = 0;
  #keys = Buffer.alloc(64 * BYTES);
  #values = new Int32Array(64);
  /** At each place an entry's number plus one, or 0; always at least half of them 0. */
  #places = new Int32Array(128);

  get(digest: string): number | undefined {
    const entry = this.#places[this.#placeOf(keyOf(digest))]! - 1;
    return entry < 0 ? undefined : this.#values[entry];
  }

  /** @returns false where the digest was there before: it keeps its value */
  add(digest: string, value: number): boolean {
    const key = keyOf(digest);
    if (this.#places[this.#placeOf(key)] !== 0) return false;
    if (this.size === this.#values.length) this.#grow();
    key.copy(this.#keys, this.size * BYTES);
    this.#values[this.size] = value;
    this.size += 1;
    this.#places[this.#placeOf(key)] = this.size;
    return true;
  }

  /** Gives a digest that is there another value. */
  change(digest: string, value: number): void {
    this.#values[this.#places[this.#placeOf(keyOf(digest))]! - 1] = value;
  }

  /** Where the digest's entry is noted, or would be. */
  #placeOf(key: Buffer): number {
    const mask = this.#places.length - 1;
    for (let place = key.readUInt32LE() & mask; ; place = (place + 1) & mask) {
      const entry = this.#places[place]! - 1;
      if (entry < 0 || key.compare(this.#keys, entry * BYTES, (entry + 1) * BYTES) === 0) return place;
    }
  }

  #grow(): void {
    const keys = Buffer.alloc(2 * this.#keys.length);
    const values = new Int32Array(2 * this.#values.length);
    this.#keys.copy(keys);
    values.set(this.#values);
    this.#keys = keys;
    this.#values = values;
    this.#places = new Int32Array(2 * this.#places.length);
    for (let entry = 0; entry < this.size; entry++) {
      this.#places[this.#placeOf(keys.subarray(entry * BYTES, (entry + 1) * BYTES))] = entry + 1;
    }
  }
}

/** The digest's bytes; those of its own digest where it is not a SHA-256 in hexadecimal. */
function keyOf(digest: string): Buffer {
  return HEX.test(digest) ? Buffer.from(digest, 'hex') : createHash('sha256').update(digest).digest();
}
