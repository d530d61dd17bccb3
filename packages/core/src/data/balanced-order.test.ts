import { expect, it } from 'vitest';
import { datasetOf } from '../domains/splits.ts';
import type { Sample } from '../domains/target-domain.ts';
import { RandomStream } from '../random/random-stream.ts';
import { balancedDraw, balancedOrder } from './balanced-order.ts';

const samples = (truths: readonly Partial<Sample>[]) =>
  datasetOf(truths.map((truth, i): Sample => ({ id: `s${i}`, digest: `${i}`, ...truth })));
const many = (count: number, truth: Partial<Sample>) => Array.from({ length: count }, () => truth);
const counted = (order: Uint32Array, length: number) => {
  const counts = new Array<number>(length).fill(0);
  for (const position of order) counts[position]! += 1;
  return counts;
};
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

it('draws each class as often as another, and the samples of one class in turn', () => {
  const all = samples([...many(100, { label: 0 }), ...many(10, { label: 1 }), ...many(40, { label: 2 })]);
  const draw = balancedDraw(all);
  expect(sum([...draw.shares])).toBeCloseTo(150, 9);
  const random = new RandomStream('draw');
  const before = new Set<number>();
  for (let epoch = 0; epoch < 20; epoch++) {
    const order = balancedOrder(draw, random.child(epoch));
    expect(order).toHaveLength(150);
    const counts = counted(order, 150);
    expect([sum(counts.slice(0, 100)), sum(counts.slice(100, 110)), sum(counts.slice(110))]).toEqual([50, 50, 50]);
    expect(counts.slice(100, 110)).toEqual(many(10, {}).map(() => 5));
    expect(Math.max(...counts.slice(0, 100))).toBe(1);
    order.forEach((position) => before.add(position));
  }
  expect(before.size).toBe(150);
  expect(balancedOrder(draw, random.child(3))).toEqual(balancedOrder(draw, random.child(3)));
});

it('draws samples of several labels and objects for their rarest, and those of none beside', () => {
  const all = samples([
    ...many(8, { labels: [0] }),
    ...many(2, { labels: [0, 1] }),
    ...many(6, { objects: [{ label: 0 }, { label: 2 }] }),
    ...many(4, { labels: [] }),
  ]);
  const { shares, kinds } = balancedDraw(all);
  expect([...new Set(kinds)]).toEqual([0, 1, 2, -1]);
  // Label 0 has 16 samples, 1 has 2, 2 has 6, and 4 have none.
  const [often, rare, object, none] = [shares[0]!, shares[8]!, shares[10]!, shares[16]!];
  expect(rare / often).toBeCloseTo(16 / 2, 9);
  expect(object / often).toBeCloseTo(16 / 6, 9);
  expect(none / often).toBeCloseTo(16 / 4, 9);
});
