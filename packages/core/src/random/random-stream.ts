import { createHash } from 'node:crypto';

/** What drawing throws at present, if it may not be done. */
let refusal: (() => Error) | undefined;

/** Runs synchronous work in which no stream may be drawn from; drawing throws what `refuse` makes. */
export function withoutDraws<T>(refuse: () => Error, work: () => T): T {
  const outer = refusal;
  refusal = refuse;
  try {
    return work();
  } finally {
    refusal = outer;
  }
}

/**
 * A seeded stream of random numbers that is addressed by name: the same path of names gives the
 * same numbers on every machine, whatever was drawn elsewhere. A run therefore keeps no generator
 * state: after a resume, epoch 7 is shuffled as it would have been.
 *
 * Generator: xoshiro128** 1.1 (Blackman and Vigna, 2018, "Scrambled linear pseudorandom number
 * generators"), its 128 bits of state taken from SHA-256 of the path.
 */
export class RandomStream {
  readonly #path: string;
  readonly #state: Uint32Array;
  #spareNormal: number | undefined;

  constructor(path: string | number) {
    this.#path = String(path);
    const digest = createHash('sha256').update(this.#path).digest();
    this.#state = new Uint32Array(4);
    for (let i = 0; i < 4; i++) this.#state[i] = digest.readUInt32LE(4 * i);
  }

  /** An independent stream; drawing from it does not move this one. */
  child(...names: readonly (string | number)[]): RandomStream {
    return new RandomStream([this.#path, ...names].join('/'));
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    if (refusal) throw refusal();
    const s = this.#state;
    const result = Math.imul(rotateLeft(Math.imul(s[1]!, 5), 7), 9) >>> 0;
    const t = s[1]! << 9;
    s[2]! ^= s[0]!;
    s[3]! ^= s[1]!;
    s[1]! ^= s[2]!;
    s[0]! ^= s[3]!;
    s[2]! ^= t;
    s[3] = rotateLeft(s[3]!, 11);
    return result;
  }

  /** A number in [0, 1) with 53 random bits. */
  next(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** A number in [low, high). */
  uniform(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number in [0, n), without modulo bias. */
  int(n: number): number {
    const limit = 4294967296 - (4294967296 % n);
    let value = this.uint32();
    while (value >= limit) value = this.uint32();
    return value % n;
  }

  /** A standard normal number (Marsaglia's polar method, 1964). */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const u = 2 * this.next() - 1;
      const v = 2 * this.next() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        this.#spareNormal = v * scale;
        return u * scale;
      }
    }
  }

  /** A gamma-distributed number with the given shape and scale 1 (Marsaglia and Tsang, 2000). */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * Math.pow(1 - this.next(), 1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - this.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  /** A beta-distributed number. */
  beta(a: number, b: number): number {
    const x = this.gamma(a);
    return x / (x + this.gamma(b));
  }

  /** The numbers 0 … n-1 in random order (Fisher and Yates). */
  permutation(n: number): Uint32Array {
    const order = Uint32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.int(i + 1);
      const held = order[i]!;
      order[i] = order[j]!;
      order[j] = held;
    }
    return order;
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}
