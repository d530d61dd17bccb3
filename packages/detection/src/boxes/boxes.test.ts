import { describe, expect, it } from 'vitest';
import { areaOf, boxOf, clipBox, cornersOf, type Box } from './box.ts';
import { iou, overlapOf } from './iou.ts';

describe('boxes', () => {
  it('turns boxes into corners and back', () => {
    const box: Box = [10, 20, 30.5, 40];
    expect(cornersOf(box)).toEqual([10, 20, 40.5, 60]);
    expect(boxOf(cornersOf(box))).toEqual(box);
    expect(areaOf(box)).toBe(1220);
  });

  it('keeps what lies inside a picture', () => {
    const size = { width: 100, height: 50 };
    expect(clipBox([10, 10, 20, 20], size)).toEqual([10, 10, 20, 20]);
    expect(clipBox([-5, 40, 20, 20], size)).toEqual([0, 40, 15, 10]);
    expect(clipBox([-5, -5, 200, 200], size)).toEqual([0, 0, 100, 50]);
    expect(clipBox([100, 10, 5, 5], size)).toBeUndefined();
    expect(clipBox([10, -5, 5, 5], size)).toBeUndefined();
  });

  it('divides what two boxes share by what they cover', () => {
    // 10 x 10 against 10 x 10 moved by (5, 5): 25 shared of 175.
    expect(overlapOf([0, 0, 10, 10], [5, 5, 10, 10])).toBe(25);
    expect(iou([0, 0, 10, 10], [5, 5, 10, 10])).toBe(25 / 175);
    expect(iou([5, 5, 10, 10], [0, 0, 10, 10])).toBe(25 / 175);
    expect(iou([3, 4, 5, 6], [3, 4, 5, 6])).toBe(1);
    expect(iou([0, 0, 10, 10], [10, 0, 10, 10])).toBe(0);
    expect(iou([0, 0, 10, 10], [0, 20, 10, 10])).toBe(0);
    expect(iou([0, 0, 0, 0], [0, 0, 0, 0])).toBe(0);
  });

  it('measures against a crowd by the share of the box that lies in it', () => {
    expect(iou([0, 0, 10, 10], [5, 0, 100, 100], true)).toBe(0.5);
    expect(iou([10, 10, 10, 10], [0, 0, 100, 100], true)).toBe(1);
  });
});
