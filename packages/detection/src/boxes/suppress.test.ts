import { describe, expect, it } from 'vitest';
import type { Detection } from '../data/detection.ts';
import type { Box } from './box.ts';
import { iou } from './iou.ts';
import { suppress, suppressBatch } from './suppress.ts';

const found = (box: Box, score: number, label = 0): Detection => ({ box, score, label });
const options = { overlap: 0.5, most: 10 };
/** 10 x 10, moved to the right: `by` pixels share (10 - by) / (10 + by). */
const moved = (by: number, score: number, label = 0) => found([by, 0, 10, 10], score, label);

describe('suppress', () => {
  it('drops what overlaps a better box of its class by more than the limit', () => {
    const [best, same, other, apart, third] = [
      moved(0, 0.9),
      moved(2, 0.8),
      moved(0, 0.7, 1),
      moved(50, 0.2),
      moved(4, 0.6),
    ];
    // 2 pixels: 8 / 12 is the same find; 4 pixels: 6 / 14 is another.
    expect(suppress([third, apart, same, best, other], options)).toEqual([best, other, third, apart]);
  });

  it('compares with what is kept, not with what was dropped', () => {
    // The third overlaps the dropped second by 8 / 12, and the first by 6 / 14 only.
    expect(suppress([moved(0, 0.9), moved(2, 0.8), moved(4, 0.7)], options).map(({ score }) => score)).toEqual([
      0.9, 0.7,
    ]);
  });

  it('keeps a box at the limit, the best ones, and equal scores in their order', () => {
    expect(suppress([moved(0, 0.9), moved(2, 0.8)], { ...options, overlap: 8 / 12 })).toHaveLength(2);
    expect(
      suppress([moved(0, 0.1), moved(20, 0.3), moved(40, 0.2)], { ...options, most: 2 }).map(({ score }) => score),
    ).toEqual([0.3, 0.2]);
    const ties = [moved(0, 0.5), moved(20, 0.5), moved(40, 0.5)];
    expect(suppress(ties, options)).toEqual(ties);
    expect(suppress([], options)).toEqual([]);
  });

  it('lowers scores by the Gaussian of the overlap with every kept box', () => {
    const soft = { sigma: 0.5, least: 0.001 };
    const [a, b, c] = [moved(0, 0.9), moved(2, 0.8), moved(4, 0.7)];
    const fall = (x: Detection, y: Detection) => Math.exp(-(iou(x.box, y.box) ** 2) / 0.5);
    // After a: b is 0.8 f(a, b) = 0.33 and c is 0.7 f(a, c) = 0.48, so c comes next and lowers b again.
    const kept = suppress([a, b, c], { ...options, soft });
    expect(kept.map(({ box }) => box[0])).toEqual([0, 4, 2]);
    expect(kept[1]!.score).toBeCloseTo(0.7 * fall(a, c), 12);
    expect(kept[2]!.score).toBeCloseTo(0.8 * fall(a, b) * fall(c, b), 12);
    expect(suppress([a, b, c], { ...options, soft: { sigma: 0.5, least: 0.3 } }).map(({ box }) => box[0])).toEqual([
      0, 4,
    ]);
    expect(suppress([a, { ...a, label: 1 }], { ...options, soft }).map(({ score }) => score)).toEqual([0.9, 0.9]);
  });

  it('takes every picture of a batch by itself', () => {
    expect(
      suppressBatch([[moved(0, 0.9), moved(1, 0.8)], [moved(0, 0.7)], []], options).map((each) => each.length),
    ).toEqual([1, 1, 0]);
  });
});
