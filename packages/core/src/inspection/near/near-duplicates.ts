import type { Sample, SplitName } from '../../domains/target-domain.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { samplesIn, SPLITS, type Splits } from '../count-splits.ts';

/** Where a sample is: in a split, or in the other data that the splits are held against. */
export type Side = SplitName | 'against';

/** The sides in the order of pairs. */
export const SIDES: readonly Side[] = [...SPLITS, 'against'];

/** A sample and where it is. */
export interface Sided {
  readonly sample: Sample;
  readonly side: Side;
}

/** Two samples that show nearly the same. */
export interface NearPair {
  readonly first: Sample;
  readonly second: Sample;
  /** How alike they are, at most 1: a correlation of pictures, a Jaccard index of texts, a cosine of embeddings. */
  readonly likeness: number;
}

/** What two sides, or one, have twice. */
export interface NearBetween {
  readonly sides: readonly [first: Side, second: Side];
  /** Samples of the second side that have a near-duplicate in the first; of one side, in an earlier sample. */
  readonly samples: number;
  /** How many of them are copies, byte for byte: of other data only, as `duplicates` tells of those within the data. */
  readonly copies: number;
  /** Each with the first that was found for it, the likest first. */
  readonly pairs: readonly NearPair[];
}

/** Each content of a side once, side by side. */
export function sidedSamples(splits: Splits, against: readonly Sample[] = []): Sided[] {
  const found: Sided[] = [];
  const seen = new Map<Side, Set<string>>(SIDES.map((side) => [side, new Set()]));
  const add = (sample: Sample, side: Side) => {
    const known = seen.get(side)!;
    if (known.size === known.add(sample.digest).size) return;
    found.push({ sample, side });
  };
  for (const { sample, split } of samplesIn(splits)) add(sample, split);
  for (const sample of against) add(sample, 'against');
  return found;
}

/** Gathers pairs, of each sample one with each side. */
export class NearPairs {
  readonly #found = new Map<number, Map<number, { first: number; likeness: number }>>();

  /** The place of each sample's side. */
  readonly #sides: Uint8Array;
  /** A number for each content, by which copies are told. */
  readonly #contents: Int32Array;

  constructor(private readonly samples: readonly Sided[]) {
    this.#sides = Uint8Array.from(samples, ({ side }) => SIDES.indexOf(side));
    const numbers = new Map<string, number>();
    this.#contents = Int32Array.from(samples, ({ sample: { digest } }, place) => {
      const known = numbers.get(digest);
      if (known === undefined) numbers.set(digest, place);
      return known ?? place;
    });
  }

  /** Adds what other data have byte for byte. */
  addCopies(): this {
    const first = new Map<string, number[]>();
    this.samples.forEach(({ sample, side }, place) => {
      const places = first.get(sample.digest);
      if (side !== 'against') {
        if (places) places.push(place);
        else first.set(sample.digest, [place]);
      } else for (const other of places ?? []) this.#of(other, place).set(place, { first: other, likeness: 1 });
    });
    return this;
  }

  /** Whether two samples are worth comparing: they are no copies, and the later one has no partner on the other's side yet. */
  isOpen(a: number, b: number): boolean {
    const [first, second] = inOrder(a, b);
    if (this.#contents[first] === this.#contents[second]) return false;
    return !this.#of(first, second).has(second);
  }

  add(a: number, b: number, likeness: number): void {
    if (!this.isOpen(a, b)) return;
    const [first, second] = inOrder(a, b);
    this.#of(first, second).set(second, { first, likeness });
  }

  finish(): NearBetween[] {
    return [...this.#found]
      .filter(([, pairs]) => pairs.size > 0)
      .sort(([a], [b]) => a - b)
      .map(([key, found]) => {
        const pairs = [...found].map(([second, { first, likeness }]) => ({
          first: this.samples[first]!.sample,
          second: this.samples[second]!.sample,
          likeness,
        }));
        const copies = pairs.filter(({ first, second }) => first.digest === second.digest).length;
        return {
          sides: [SIDES[Math.floor(key / SIDES.length)]!, SIDES[key % SIDES.length]!] as const,
          samples: pairs.length,
          copies,
          pairs: pairs.sort((a, b) => b.likeness - a.likeness),
        };
      });
  }

  #of(first: number, second: number): Map<number, { first: number; likeness: number }> {
    const key = SIDES.length * this.#sides[first]! + this.#sides[second]!;
    const known = this.#found.get(key);
    if (known) return known;
    const made = new Map<number, { first: number; likeness: number }>();
    this.#found.set(key, made);
    return made;
  }
}

const inOrder = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a]);

/**
 * The order in which samples are compared with those that follow: where very many are alike, each is compared with some of
 * them alone, and these are to be of every side.
 */
export function mixedOrder(count: number): Uint32Array {
  return new RandomStream('near-duplicates').permutation(count);
}
