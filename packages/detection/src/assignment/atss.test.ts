import { describe, expect, it } from 'vitest';
import type { Cells, Level } from '../heads/cells.ts';
import { assignAdaptively, BACKGROUND, IGNORED, type InputObject } from './atss.ts';

/** Square maps of an input of `side` pixels. */
function squareCells(side: number, strides: readonly number[]): Cells {
  const levels: Level[] = [];
  const [x, y, stride]: number[][] = [[], [], []];
  for (const step of strides) {
    const count = side / step;
    levels.push({ feature: undefined as never, stride: step, rows: count, columns: count, first: x!.length });
    for (let i = 0; i < count * count; i++) {
      x!.push(((i % count) + 0.5) * step);
      y!.push((Math.floor(i / count) + 0.5) * step);
      stride!.push(step);
    }
  }
  return {
    levels,
    count: x!.length,
    x: Float32Array.from(x!),
    y: Float32Array.from(y!),
    stride: Float32Array.from(stride!),
  };
}

const object = (box: InputObject['box'], label = 0, crowd = false): InputObject => ({ box, label, crowd });
const taken = (labels: Int32Array) => Array.from(labels.keys()).filter((cell) => labels[cell]! >= 0);

describe('assignAdaptively', () => {
  it('takes the cells whose squares overlap the object by mean + standard deviation at least', () => {
    // One level of 8 x 8 cells of 10 pixels; squares of 50 around each middle. The object of 50 x 50 around
    // (35, 35), the middle of row 3, column 3. The nine candidates are those around it: moved by (0, 0) the
    // overlap is 1, by one cell along one axis 40·50 / (5000 - 2000) = 2/3, along both 1600 / 3400 = 8/17.
    const cells = squareCells(80, [10]);
    const overlaps = [1, 2 / 3, 2 / 3, 2 / 3, 2 / 3, 8 / 17, 8 / 17, 8 / 17, 8 / 17];
    const mean = overlaps.reduce((sum, value) => sum + value) / 9;
    const standardDeviation = Math.sqrt(overlaps.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 8);
    expect(mean + standardDeviation).toBeGreaterThan(2 / 3); // so the middle cell alone is taken
    expect(mean + standardDeviation).toBeLessThan(1);
    const { labels, ltrb } = assignAdaptively([object([10, 10, 50, 50], 3)], cells);
    expect(taken(labels)).toEqual([3 * 8 + 3]);
    expect(labels[27]).toBe(3);
    expect(Array.from(ltrb.subarray(4 * 27, 4 * 28))).toEqual([2.5, 2.5, 2.5, 2.5]);
    expect(labels.filter((label) => label === BACKGROUND)).toHaveLength(63);
  });

  it('chooses the level by size', () => {
    const cells = squareCells(416, [8, 16, 32]);
    const levelsOf = (side: number) => {
      const { labels } = assignAdaptively([object([200 - side / 2, 200 - side / 2, side, side])], cells);
      return [...new Set(taken(labels).map((cell) => cells.stride[cell]))];
    };
    expect(levelsOf(40)).toEqual([8]);
    expect(levelsOf(80)).toEqual([16]);
    expect(levelsOf(200)).toEqual([32]);
  });

  it('gives a cell of two objects to the one it overlaps most, whichever comes first', () => {
    const cells = squareCells(80, [10]);
    const [fitting, larger] = [object([10, 10, 50, 50], 1), object([0, 0, 70, 70], 2)];
    expect(assignAdaptively([fitting, larger], cells).labels[27]).toBe(1);
    expect(assignAdaptively([larger, fitting], cells).labels[27]).toBe(1);
  });

  it('gives an object that holds no middle of a cell the nearest free one, distances below zero', () => {
    const cells = squareCells(80, [10]);
    const { labels, ltrb } = assignAdaptively([object([38, 38, 4, 4], 1)], cells);
    const [cell, ...others] = taken(labels);
    expect(others).toEqual([]);
    expect([cells.x[cell!], cells.y[cell!]]).toEqual([35, 35]);
    Array.from(ltrb.subarray(4 * cell!, 4 * cell! + 4)).forEach((value, i) =>
      expect(value).toBeCloseTo(i < 2 ? -0.3 : 0.7, 6),
    );
  });

  it('keeps cells of a crowd out of the loss, unless an object takes them', () => {
    const cells = squareCells(80, [10]);
    const { labels } = assignAdaptively([object([0, 0, 80, 40], 0, true), object([10, 10, 50, 50], 1)], cells);
    expect(labels[27]).toBe(1);
    expect(labels.filter((label) => label === IGNORED)).toHaveLength(31);
    expect(labels.filter((label) => label === BACKGROUND)).toHaveLength(32);
  });

  it('finds the nine nearest cells at corners, too', () => {
    const cells = squareCells(416, [8]);
    // The same object moved into the corner keeps the cells whose middles it holds.
    const { labels } = assignAdaptively([object([0, 0, 40, 40])], cells);
    expect(taken(labels).every((cell) => cells.x[cell]! < 40 && cells.y[cell]! < 40)).toBe(true);
    expect(taken(labels)).toContain(2 * 52 + 2);
  });
});
