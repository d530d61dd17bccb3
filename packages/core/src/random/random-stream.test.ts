import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RandomStream } from './random-stream.ts';

const MASK = 0xffffffffn;
const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & MASK;

/** xoshiro128** as its authors' reference gives it, in whole numbers of any size. */
function* xoshiro(state: [bigint, bigint, bigint, bigint]): Generator<number, never> {
  const s = [...state] as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield Number((rotate((s[1] * 5n) & MASK, 7n) * 9n) & MASK);
    const t = (s[1] << 9n) & MASK;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
  }
}

function stateOf(path: string): [bigint, bigint, bigint, bigint] {
  const digest = createHash('sha256').update(path).digest();
  return [0, 4, 8, 12].map((at) => BigInt(digest.readUInt32LE(at))) as [bigint, bigint, bigint, bigint];
}

const draw = <T>(n: number, from: () => T): T[] => Array.from({ length: n }, from);

describe('RandomStream', () => {
  it("is xoshiro128**: the authors' state 1, 2, 3, 4 starts with 11520, 0, 5927040, 70819200", () => {
    // The values that the reference program prints; they check the independent computation below.
    const reference = xoshiro([1n, 2n, 3n, 4n]);
    expect(draw(4, () => reference.next().value)).toEqual([11520, 0, 5927040, 70819200]);
  });

  it.each(['3', '3/shuffle/0/7', ''])('computes what whole numbers of any size give for the path "%s"', (path) => {
    const stream = new RandomStream(path);
    const reference = xoshiro(stateOf(path));
    for (let i = 0; i < 2000; i++) expect(stream.uint32()).toBe(reference.next().value);
  });

  it('makes 53 random bits of two draws', () => {
    const stream = new RandomStream('bits');
    const reference = xoshiro(stateOf('bits'));
    for (let i = 0; i < 100; i++) {
      const bits = (BigInt(reference.next().value >>> 5) << 26n) | BigInt(reference.next().value >>> 6);
      expect(stream.next()).toBe(Number(bits) / 2 ** 53);
    }
  });

  it('has children by name that do not depend on what was drawn', () => {
    const parent = new RandomStream(5);
    const before = draw(
      5,
      (
        (child) => () =>
          child.next()
      )(parent.child('a', 1)),
    );
    draw(17, () => parent.normal());
    expect(
      draw(
        5,
        (
          (child) => () =>
            child.next()
        )(parent.child('a', 1)),
      ),
    ).toEqual(before);
    expect(
      draw(
        5,
        (
          (child) => () =>
            child.next()
        )(new RandomStream('5/a/1')),
      ),
    ).toEqual(before);
    const untouched = new RandomStream(5);
    draw(3, () => untouched.child('b').next());
    expect(untouched.next()).toBe(new RandomStream(5).next());
    expect(parent.child('a', 2).next()).not.toBe(parent.child('a', 1).next());
  });

  it('draws children that are uncorrelated', () => {
    // For independent uniforms the correlation of n pairs has standard deviation 1/sqrt(n): five of them.
    const n = 10_000;
    const [a, b] = [new RandomStream('root').child(0), new RandomStream('root').child(1)];
    let sum = 0;
    for (let i = 0; i < n; i++) sum += (a.next() - 0.5) * (b.next() - 0.5) * 12;
    expect(Math.abs(sum / n)).toBeLessThan(5 / Math.sqrt(n));
  });

  it('draws each of n numbers as often, without modulo bias', () => {
    const n = 7;
    const total = 70_000;
    const counts = new Array<number>(n).fill(0);
    const stream = new RandomStream('int');
    for (let i = 0; i < total; i++) counts[stream.int(n)]! += 1;
    // Binomial: standard deviation sqrt(N p (1 - p)); five of them.
    const deviation = Math.sqrt(total * (1 / n) * (1 - 1 / n));
    for (const count of counts) expect(Math.abs(count - total / n)).toBeLessThan(5 * deviation);
    // With n = 3·2^30 a modulo would give the low 2^30 numbers half of all draws; a third is right.
    const large = 3 * 2 ** 30;
    const low = draw(9000, () => stream.int(large)).filter((value) => value < 2 ** 30).length;
    expect(Math.abs(low - 3000)).toBeLessThan(5 * Math.sqrt(9000 * (1 / 3) * (2 / 3)));
  });

  /** Mean within five standard errors, variance within five of its own (var of s² is (m4 - σ⁴)/n). */
  function expectMoments(values: readonly number[], mean: number, variance: number, fourth: number): void {
    const n = values.length;
    const average = values.reduce((sum, x) => sum + x, 0) / n;
    const spread = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
    expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
    expect(Math.abs(spread - variance)).toBeLessThan(5 * Math.sqrt((fourth - variance ** 2) / n));
  }

  it('draws normal, gamma and beta numbers with the moments that they have', () => {
    const stream = new RandomStream('moments');
    const n = 20_000;
    expectMoments(
      draw(n, () => stream.normal()),
      0,
      1,
      3,
    );
    // Gamma(k, 1): mean k, variance k, fourth central moment 3k² + 6k.
    for (const k of [0.5, 2.5])
      expectMoments(
        draw(n, () => stream.gamma(k)),
        k,
        k,
        3 * k * k + 6 * k,
      );
    // Beta(a, a): mean 1/2, variance 1/(4(2a + 1)), fourth moment 3/(16 (2a + 1)(2a + 3)).
    const a = 0.4;
    expectMoments(
      draw(n, () => stream.beta(a, a)),
      0.5,
      1 / (4 * (2 * a + 1)),
      3 / (16 * (2 * a + 1) * (2 * a + 3)),
    );
    expectMoments(
      draw(n, () => stream.uniform(-1, 3)),
      1,
      16 / 12,
      4 ** 4 / 80,
    );
  });

  it('permutes: every number once, every order as often', () => {
    const stream = new RandomStream('permutation');
    expect(Array.from(stream.permutation(100)).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(stream.permutation(0)).toHaveLength(0);
    const counts = new Map<string, number>();
    const total = 12_000;
    for (let i = 0; i < total; i++) {
      const order = stream.permutation(4).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const deviation = Math.sqrt(total * (1 / 24) * (23 / 24));
    for (const count of counts.values()) expect(Math.abs(count - total / 24)).toBeLessThan(5 * deviation);
  });

  it('picks items of the list only', () => {
    const stream = new RandomStream('pick');
    expect(new Set(draw(200, () => stream.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
  });
});
