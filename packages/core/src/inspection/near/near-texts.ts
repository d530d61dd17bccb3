import { createHash } from 'node:crypto';
import type { View } from '../looked-at.ts';
import { mixedOrder, NearPairs, type NearBetween, type Sided } from './near-duplicates.ts';
import { BANDS, bandOf, piecesOf, plainText, sharedPieces, SIGNATURE, signatureOf } from './text-print.ts';

/** Texts with at least this share of their pieces in common are nearly the same. */
const LEAST_SHARED = 0.8;
/** Signatures of such texts agree in more values than this, five standard deviations below: others are not looked at again. */
const LEAST_AGREEING = 0.6;
/** Texts of one band that one is compared with: texts that are all alike would be compared each with each. */
const MOST_COMPARED = 64;

/** Texts that are the same but for case, punctuation and blanks, or have most of their pieces in common. Keeps about 600 bytes of each. */
export function nearTexts(samples: readonly Sided[], view: View): NearBetween[] {
  const pairs = new NearPairs(samples).addCopies();
  const signed = new SignedTexts(samples.length);
  /** Of each plain text the first place of each side. */
  const known = new Map<string, number[]>();
  const plainOf = (place: number) => (view(samples[place]!.sample).texts ?? []).map(plainText).join('\n');
  samples.forEach(({ side }, place) => {
    const plain = plainOf(place);
    const key = createHash('sha1').update(plain).digest('base64');
    const places = known.get(key) ?? [];
    for (const first of places) pairs.add(first, place, 1);
    if (places.some((first) => samples[first]!.side === side)) return;
    known.set(key, [...places, place]);
    const pieces = piecesOf(plain);
    if (pieces) signed.add(place, signatureOf(pieces));
  });
  let latest: { place: number; pieces: ReadonlySet<number> } | undefined;
  signed.forEachLike(
    (first, second) => pairs.isOpen(first, second),
    (first, second) => {
      if (latest?.place !== first) latest = { place: first, pieces: piecesOf(plainOf(first))! };
      const shared = sharedPieces(latest.pieces, piecesOf(plainOf(second))!);
      if (shared >= LEAST_SHARED) pairs.add(first, second, shared);
    },
  );
  return pairs.finish();
}

/** Signatures of texts, and those that may be near one another. */
class SignedTexts {
  readonly #places: number[] = [];
  #values: Uint32Array;

  constructor(most: number) {
    this.#values = new Uint32Array(Math.min(most, 1024) * SIGNATURE);
  }

  add(place: number, signature: Uint32Array): void {
    const at = this.#places.length * SIGNATURE;
    if (at === this.#values.length) {
      const larger = new Uint32Array(2 * at);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values.set(signature, at);
    this.#places.push(place);
  }

  /** Calls for every two that are worth it, share a band, and whose signatures agree. */
  forEachLike(worth: (a: number, b: number) => boolean, call: (a: number, b: number) => void): void {
    const count = this.#places.length;
    const order = mixedOrder(count);
    for (let band = 0; band < BANDS; band++) {
      // A band's 32 bits and 21 of a text's number are exact in a float64, and sort fast.
      const keys = Float64Array.from(order, (text, i) => bandOf(this.#signature(text), band) * 2 ** 21 + i).sort();
      for (let at = 0; at < count; at++) {
        const [value, text] = [Math.floor(keys[at]! / 2 ** 21), order[keys[at]! % 2 ** 21]!];
        for (let next = at + 1; next < Math.min(count, at + 1 + MOST_COMPARED); next++) {
          if (Math.floor(keys[next]! / 2 ** 21) !== value) break;
          const other = order[keys[next]! % 2 ** 21]!;
          const [a, b] = [this.#places[text]!, this.#places[other]!];
          if (worth(a, b) && this.#agreeing(text, other) >= LEAST_AGREEING) call(a, b);
        }
      }
    }
  }

  #signature(text: number): Uint32Array {
    return this.#values.subarray(text * SIGNATURE, (text + 1) * SIGNATURE);
  }

  #agreeing(a: number, b: number): number {
    const [one, other] = [this.#signature(a), this.#signature(b)];
    let same = 0;
    for (let i = 0; i < SIGNATURE; i++) if (one[i] === other[i]) same++;
    return same / SIGNATURE;
  }
}
