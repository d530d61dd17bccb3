import type { Backbone } from '@headstart/core/network';
import { describe, expect, it } from 'vitest';
import { iou } from '../boxes/iou.ts';
import { gaussianRadius, heatTargets } from './heat-targets.ts';

/** Maps of the three strides for an input of 64 x 64: a grid of 16 x 16 cells of 4 pixels. */
const backbone = {
  input: { tensors: {}, preprocessing: undefined },
  architecture: 'test',
  features: [8, 16, 32].map((stride) => ({
    name: `c${stride}`,
    stage: 's',
    tensor: `c${stride}`,
    shape: [64 / stride, 64 / stride, 4],
    kind: 'map',
    stride,
  })),
} as unknown as Backbone;
const of = (objects: Parameters<ReturnType<typeof heatTargets>['of']>[0], classes = 2) =>
  heatTargets(backbone, classes).of(objects);

describe('gaussianRadius', () => {
  it('keeps an overlap of 0.7 in the worst of three movements', () => {
    for (const [width, height] of [
      [10, 10],
      [30, 12],
      [5, 40],
    ] as const) {
      const r = gaussianRadius(width, height);
      const overlaps = [
        iou([0, 0, width, height], [r, r, width, height]),
        iou([0, 0, width, height], [r, r, width - 2 * r, height - 2 * r]),
        iou([0, 0, width, height], [-r, -r, width + 2 * r, height + 2 * r]),
      ];
      expect(Math.min(...overlaps), `${width} x ${height}`).toBeCloseTo(0.7, 9);
    }
  });
});

describe('heatTargets', () => {
  it('puts a Gaussian around the middle and the extent into its cell', () => {
    // 56 x 48 pixels around (34, 30): 14 x 12 cells around (8.5, 7.5), the cell of column 8, row 7.
    const { heat, extent } = of([{ box: [6, 6, 56, 48], label: 1, crowd: false }]);
    const cell = 7 * 16 + 8;
    expect(Array.from(extent!.subarray(5 * cell, 5 * cell + 5))).toEqual([14, 12, 0.5, 0.5, 1]);
    expect(extent!.filter((value) => value !== 0)).toHaveLength(5);
    const radius = Math.floor(gaussianRadius(14, 12));
    expect(radius).toBe(1);
    const variance = 2 * (3 / 6) ** 2;
    expect(heat![2 * cell + 1]).toBe(1);
    expect(heat![2 * (cell + 1) + 1]).toBeCloseTo(Math.exp(-1 / variance), 6);
    expect(heat![2 * (cell + 17) + 1]).toBeCloseTo(Math.exp(-2 / variance), 6);
    expect(heat![2 * (cell + 2) + 1]).toBe(0);
    expect(heat!.filter((value) => value > 0)).toHaveLength(9);
    expect(heat![2 * cell]).toBe(0); // the other class
  });

  it('learns the smaller of two objects with one middle, whichever comes first', () => {
    const [large, small] = [
      { box: [8, 8, 48, 48] as const, label: 0, crowd: false },
      { box: [28, 28, 8, 8] as const, label: 1, crowd: false },
    ];
    for (const objects of [
      [large, small],
      [small, large],
    ]) {
      const { heat, extent } = of(objects);
      const cell = 8 * 16 + 8;
      expect(Array.from(extent!.subarray(5 * cell, 5 * cell + 2))).toEqual([2, 2]);
      expect(Array.from(heat!.subarray(2 * cell, 2 * cell + 2))).toEqual([1, 1]);
    }
  });

  it('keeps what lies in a crowd out of the loss, objects apart', () => {
    const { heat } = of([
      { box: [18, 18, 12, 12], label: 0, crowd: false },
      { box: [0, 0, 64, 32], label: 0, crowd: true },
    ]);
    expect(heat!.filter((value) => value === 1)).toHaveLength(1);
    expect(heat!.filter((value) => value < 0).length).toBeGreaterThan(2 * 16 * 8 - 10);
    expect(heat!.subarray(2 * 16 * 8).every((value) => value === 0)).toBe(true);
  });

  it('holds a middle on the far edge in the last cell', () => {
    const { extent } = of([{ box: [60, 60, 4, 4], label: 0, crowd: false }]);
    expect(extent![5 * 255 + 4]).toBe(1);
  });
});
