import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { enlarge } from './enlarge.ts';

/** The same pixels enlarged to 24 x 17 by Pillow 13's Image.resize; "bicubicBox" from the box (1.5, 2.25, 8, 7.75). */
const pillow = JSON.parse(readFileSync(new URL('fixtures/pillow-13-enlarged.json', import.meta.url), 'utf8')) as Record<
  string,
  number[]
>;
const [width, height] = [11, 9];
const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
  const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
  return (37 * x + 61 * y + 23 * c + 11 * x * y) % 256;
});
const whole = { x: { start: 0, length: width }, y: { start: 0, length: height } };

/** Pillow weighs in fixed point: where a value lies half-way, it may round the other way. */
function expectLevels(values: Uint8Array, expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length);
  expect(values.filter((value, i) => Math.abs(value - expected[i]!) > 1)).toHaveLength(0);
  expect(values.filter((value, i) => value !== expected[i]).length / values.length).toBeLessThan(0.02);
}

describe('enlarge', () => {
  for (const interpolation of ['nearest', 'bilinear', 'bicubic', 'lanczos3'] as const) {
    it(`agrees with Pillow: ${interpolation}`, () => {
      expectLevels(
        enlarge({ width, height, data }, whole, { width: 24, height: 17, interpolation }).data,
        pillow[interpolation]!,
      );
    });
  }

  it('agrees with Pillow on a box between pixels', () => {
    const spans = { x: { start: 1.5, length: 6.5 }, y: { start: 2.25, length: 5.5 } };
    expectLevels(
      enlarge({ width, height, data }, spans, { width: 24, height: 17, interpolation: 'bicubic' }).data,
      pillow['bicubicBox']!,
    );
  });

  it('leaves an axis without span alone, and makes a single pixel a plane', () => {
    const pixels = { width, height, data };
    expect(enlarge(pixels, {}, { width, height, interpolation: 'bicubic' })).toEqual(pixels);
    const plane = enlarge(
      { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) },
      { x: { start: 0, length: 1 }, y: { start: 0, length: 1 } },
      { width: 2, height: 2, interpolation: 'lanczos3' },
    );
    expect(Array.from(plane.data)).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3]);
  });
});
