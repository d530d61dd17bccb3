import { describe, expect, it } from 'vitest';
import { datasetOf } from '../../domains/splits.ts';
import { drawByClass } from './draw-by-class.ts';

/** So many samples of each class, in turns. */
const samples = (...counts: readonly number[]) =>
  datasetOf(
    counts.flatMap((count, label) =>
      Array.from({ length: count }, (_, i) => ({ id: `${label}-${i}`, digest: `${label}-${i}`, label })),
    ),
  );
const labels = ['a', 'b', 'c'];
const countsOf = (drawn: readonly { label: number }[]) =>
  labels.map((_, label) => drawn.filter((sample) => sample.label === label).length);

describe('drawByClass', () => {
  it("takes each class's share, two at least, in the order of the data", () => {
    const drawn = drawByClass(samples(60, 38, 2), labels, 50, 0);
    expect(countsOf(drawn)).toEqual([30, 19, 2]);
    const places = drawn.map(({ label, id }) => 1000 * label + Number(id.split('-')[1]));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('takes all where they are few, and draws by the seed', () => {
    expect(countsOf(drawByClass(samples(3, 2, 1), labels, 6, 0))).toEqual([3, 2, 1]);
    const ids = (seed: number) => drawByClass(samples(60, 60, 60), labels, 30, seed).map(({ id }) => id);
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
  });

  it('takes the same content once', () => {
    const copies = Array.from({ length: 5 }, (_, i) => ({ id: String(i), digest: 'same', label: 0 }));
    expect(drawByClass(datasetOf(copies), labels, 9, 0).map(({ id }) => id)).toEqual(['0']);
  });
});
