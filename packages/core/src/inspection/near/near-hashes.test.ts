import { expect, it } from 'vitest';
import { RandomStream } from '../../random/random-stream.ts';
import { bitsIn, MOST_BITS, nearHashes } from './near-hashes.ts';

const random = new RandomStream('hashes');
const drawn = (count: number) => Uint32Array.from({ length: 2 * count }, () => random.uint32());

/** A hash with so many of its bits turned. */
function turned(hash: Uint32Array, bits: number): Uint32Array {
  const copy = hash.slice();
  for (const bit of random.permutation(64).subarray(0, bits)) copy[bit >> 5]! ^= 1 << (bit & 31);
  return copy;
}

function pairsIn(hashes: Uint32Array): { pairs: Set<string>; compared: number } {
  const pairs = new Set<string>();
  const compared = nearHashes(hashes, (a, b) => {
    expect(a).toBeLessThan(b);
    pairs.add(`${a} ${b}`);
  });
  return { pairs, compared };
}

it('finds every two hashes that differ in 11 bits or fewer, and no others', () => {
  const one = drawn(400);
  const hashes = new Uint32Array(2 * 800);
  hashes.set(one);
  for (let i = 0; i < 400; i++) hashes.set(turned(one.slice(2 * i, 2 * i + 2), i % 16), 800 + 2 * i);
  const expected = new Set<string>();
  for (let a = 0; a < 800; a++)
    for (let b = a + 1; b < 800; b++) {
      const bits = bitsIn(hashes[2 * a]! ^ hashes[2 * b]!) + bitsIn(hashes[2 * a + 1]! ^ hashes[2 * b + 1]!);
      if (bits <= MOST_BITS) expected.add(`${a} ${b}`);
    }
  expect(expected.size).toBeGreaterThanOrEqual(300); // twelve of sixteen
  expect(pairsIn(hashes).pairs).toEqual(expected);
});

it('counts bits', () => {
  for (const word of [0, 1, 0x80000000, 0xffffffff, 0x12345678, -2])
    expect(bitsIn(word)).toBe((word >>> 0).toString(2).replaceAll('0', '').length);
});

it('compares each of 20,000 with some hundred others, and of as many that are all alike too', () => {
  // A hash shares a quarter but for two bits with 137 in 65,536 of the others, four times: 84 of the later half in the mean.
  expect(pairsIn(drawn(20_000)).compared / 20_000).toBeLessThan(100);
  const alike = new Uint32Array(40_000).fill(0x5a5a5a5a);
  let heard = 0;
  expect(nearHashes(alike, () => heard++) / 20_000).toBeLessThanOrEqual(4 * 64);
  expect(heard / 20_000).toBeGreaterThan(60);
});
