/** A hash is looked up by each quarter of it, in which two bits may differ: hashes that differ in 11 share such a quarter. */
const QUARTERS = 4;
const BITS = 16;
/** Bits of 64 in which hashes may differ. */
export const MOST_BITS = 11;

/** Hashes of one quarter that one is compared with: pictures that are all alike would be compared each with each. */
const MOST_COMPARED = 64;

/** Quarters that differ in no bit, in one and in two. */
const NEIGHBOURS = Uint16Array.from([
  0,
  ...Array.from({ length: BITS }, (_, i) => 1 << i),
  ...Array.from({ length: BITS }, (_, i) => Array.from({ length: i }, (_unused, j) => (1 << i) | (1 << j))).flat(),
]);

/**
 * Every two hashes of 64 bits that differ in at most 11, by multi-index hashing (Norouzi et al., 2012, "Fast search in Hamming space with
 * multi-index hashing"), in time that grows with their number as long as they are spread: where more than 64 have a quarter in common, each is
 * compared with the next 64.
 * @param hashes two unsigned numbers of 32 bits each
 * @param found is called with two places, the smaller first; it may hear of two more than once
 * @returns how many were compared with one another
 */
export function nearHashes(hashes: Uint32Array, found: (a: number, b: number) => void): number {
  let compared = 0;
  const count = hashes.length / 2;
  for (let quarter = 0; quarter < QUARTERS; quarter++) {
    const valueOf = (place: number) => (hashes[2 * place + (quarter >> 1)]! >>> (BITS * (quarter & 1))) & 0xffff;
    const { starts, places } = byValue(count, valueOf);
    for (let place = 0; place < count; place++) {
      const value = valueOf(place);
      for (const difference of NEIGHBOURS) {
        const end = starts[(value ^ difference) + 1]!;
        let at = firstAfter(places, place, starts[value ^ difference]!, end);
        const last = Math.min(end, at + MOST_COMPARED);
        compared += last - at;
        for (; at < last; at++) if (differing(hashes, place, places[at]!) <= MOST_BITS) found(place, places[at]!);
      }
    }
  }
  return compared;
}

/** A counting sort: the places of each value ascending, and where those of a value start. */
function byValue(count: number, valueOf: (place: number) => number): { starts: Uint32Array; places: Uint32Array } {
  const starts = new Uint32Array((1 << BITS) + 1);
  for (let place = 0; place < count; place++) starts[valueOf(place) + 1]!++;
  for (let value = 0; value < 1 << BITS; value++) starts[value + 1]! += starts[value]!;
  const next = starts.slice();
  const places = new Uint32Array(count);
  for (let place = 0; place < count; place++) places[next[valueOf(place)]!++] = place;
  return { starts, places };
}

/** The first of ascending places from `from` on that is larger than a place. */
function firstAfter(places: Uint32Array, place: number, from: number, end: number): number {
  let [low, high] = [from, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}

function differing(hashes: Uint32Array, a: number, b: number): number {
  return bitsIn(hashes[2 * a]! ^ hashes[2 * b]!) + bitsIn(hashes[2 * a + 1]! ^ hashes[2 * b + 1]!);
}

/** Bits that are set among 32. */
export function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
