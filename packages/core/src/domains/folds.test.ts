import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { dealFolds } from './folds.ts';
import type { Sample } from './target-domain.ts';

const names = ['a', 'b', 'c'];
const sample = (label: number, i: number, digest = `${label}-${i}`): Sample => ({ id: `${label}/${i}`, digest, label });
/** 23 of a, 11 of b, 5 of c. */
const samples = [23, 11, 5].flatMap((n, label) => Array.from({ length: n }, (_, i) => sample(label, i)));
const deal = (given: readonly Sample[], folds: number, seed = 0) =>
  dealFolds(given, names, folds, new RandomStream(seed));

/** Samples by fold and class. */
function counts(given: readonly Sample[], dealt: Int32Array, folds: number): number[][] {
  const table = Array.from({ length: folds }, () => names.map(() => 0));
  given.forEach(({ label }, i) => table[dealt[i]!]![label!]!++);
  return table;
}

it('gives each fold of every class as many as any other, or one more, and of all samples too', () => {
  for (const folds of [2, 3, 5]) {
    const table = counts(samples, deal(samples, folds), folds);
    for (const [label, n] of [23, 11, 5].entries()) {
      const column = table.map((row) => row[label]!);
      expect(column.reduce((a, b) => a + b)).toBe(n);
      expect(Math.max(...column) - Math.min(...column)).toBeLessThanOrEqual(1);
    }
    const sizes = table.map((row) => row.reduce((a, b) => a + b));
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  }
  expect(deal(samples, 5)).toEqual(deal(samples, 5));
  expect(deal(samples, 5, 1)).not.toEqual(deal(samples, 5));
});

it('keeps samples of the same content in one fold', () => {
  const copied = Array.from({ length: 30 }, (_, i) => sample(i % 2, i, `${i % 2}-${Math.floor(i / 6)}`));
  const dealt = deal(
    copied.map((each) => ({ ...each, label: each.label! })),
    3,
  );
  const folds = new Map<string, Set<number>>();
  copied.forEach(({ digest }, i) => folds.set(digest, (folds.get(digest) ?? new Set()).add(dealt[i]!)));
  expect([...folds.values()].every(({ size }) => size === 1)).toBe(true);
});

it('shares the rarest labels out first where samples have several, and deals those without any', () => {
  const several = Array.from({ length: 40 }, (_, i): Sample => {
    const labels = [i % 2 === 0 ? 0 : -1, i % 3 === 0 ? 1 : -1, i % 10 === 0 ? 2 : -1].filter((label) => label >= 0);
    return { id: `${i}`, digest: `${i}`, labels };
  });
  const dealt = deal(several, 4);
  const table = Array.from({ length: 4 }, (_, f) =>
    names.map((_name, label) => several.filter((each, i) => dealt[i] === f && each.labels!.includes(label)).length),
  );
  expect(table.map((row) => row[2])).toEqual([1, 1, 1, 1]);
  for (const label of [0, 1]) {
    const column = table.map((row) => row[label]!);
    expect(Math.max(...column) - Math.min(...column)).toBeLessThanOrEqual(2);
  }
  for (const fold of [0, 1, 2, 3]) expect(Math.abs(dealt.filter((each) => each === fold).length - 10)).toBeLessThan(2);
});

it('refuses more folds than the smallest class has samples, copies apart', () => {
  expect(() => deal(samples, 6)).toThrow(/The class "c" has 5 different samples, which cannot be in each of 6 folds/);
  const copies = [...samples.slice(0, 34), ...Array.from({ length: 9 }, (_, i) => sample(2, i, 'same'))];
  expect(() => deal(copies, 2)).toThrow(/The class "c" has 1 sample, which cannot/);
});
