import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { KnownRegion, regionRows } from './known-region.ts';

const rows = Float32Array.of(3, 0, 0, 0.5, -2, 0);

it('is as far from an input as its k-th nearest direction', () => {
  const unit = regionRows(rows, 2);
  expect([...unit]).toEqual([1, 0, 0, 1, -1, 0]);
  const distances = (neighbour: number, own?: boolean) => [
    ...new KnownRegion(unit, 2, neighbour).distances(own ? rows : Float32Array.of(7, 0), 2, own),
  ];
  // From (1, 0): 0 to itself, √2 to (0, 1), 2 to (-1, 0).
  expect(distances(1)).toEqual([0]);
  expect(distances(2)[0]).toBeCloseTo(Math.SQRT2, 12);
  expect(distances(3)).toEqual([2]);
  expect(distances(9)).toEqual([2]);
  // Of the region's own samples, themselves apart.
  expect(distances(1, true).map((distance) => distance.toFixed(6))).toEqual(['1.414214', '1.414214', '1.414214']);
  expect(distances(2, true)[0]).toBe(2);
});

it('keeps 64 numbers of wide features, by which distances are about as they were', () => {
  const random = new RandomStream('wide');
  const wide = Float32Array.from({ length: 40 * 500 }, () => random.normal() + 1);
  const kept = regionRows(wide, 500);
  expect(kept).toHaveLength(40 * 64);
  expect(regionRows(wide, 500)).toEqual(kept);
  const cosine = (rows: Float32Array, width: number, i: number) => {
    let [product, a, b] = [0, 0, 0];
    for (let d = 0; d < width; d++) {
      const [x, y] = [rows[d]!, rows[i * width + d]!];
      product += x * y;
      a += x * x;
      b += y * y;
    }
    return product / Math.sqrt(a * b);
  };
  // The spread of a projected cosine is at most 1/√64.
  for (let i = 1; i < 40; i++) expect(Math.abs(cosine(kept, 64, i) - cosine(wide, 500, i))).toBeLessThan(4 / 8);
  const mean = (of: (i: number) => number) =>
    Array.from({ length: 39 }, (_, i) => of(i + 1)).reduce((a, b) => a + b) / 39;
  expect(Math.abs(mean((i) => cosine(kept, 64, i) - cosine(wide, 500, i)))).toBeLessThan(0.25);
});
