import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Box } from '../boxes/box.ts';
import { CocoEvaluator, type LabelledTruth } from './coco-evaluator.ts';
import { COCO_METRICS } from './coco-metrics.ts';

interface Golden {
  groundTruth: {
    images: { id: number }[];
    categories: { id: number; name: string }[];
    annotations: { image_id: number; category_id: number; bbox: Box; area: number; iscrowd: 0 | 1 }[];
  };
  detections: { image_id: number; category_id: number; bbox: Box; score: number }[];
  expected: Record<string, number>;
}

// Computed by pycocotools 2: boxes of all sizes, crowds, and more detections than count.
const { cases } = JSON.parse(readFileSync(new URL('fixtures/coco-map.json', import.meta.url), 'utf8')) as {
  cases: Golden[];
};

function evaluatorOf({ groundTruth: { images, categories, annotations }, detections }: Golden): CocoEvaluator {
  const evaluator = new CocoEvaluator(categories.length);
  const label = (category: number) => categories.findIndex(({ id }) => id === category);
  for (const { id } of images) {
    evaluator.add(
      annotations
        .filter((each) => each.image_id === id)
        .map(({ category_id, bbox, area, iscrowd }) => ({
          label: label(category_id),
          box: bbox,
          area,
          crowd: iscrowd === 1,
        })),
      detections
        .filter((each) => each.image_id === id)
        .map(({ category_id, bbox, score }) => ({ label: label(category_id), box: bbox, score })),
    );
  }
  return evaluator;
}

const object = (box: Box, more: Partial<LabelledTruth> = {}): LabelledTruth => ({
  label: 0,
  box,
  area: box[2] * box[3],
  crowd: false,
  ...more,
});
const found = (box: Box, score: number, label = 0) => ({ box, score, label });

describe('CocoEvaluator', () => {
  it.each(cases.map((golden, i) => [i, golden] as const))('gives the numbers of pycocotools, case %i', (_, golden) => {
    const metrics = evaluatorOf(golden).metrics();
    expect(Object.keys(golden.expected).sort()).toEqual([...COCO_METRICS].sort());
    for (const name of COCO_METRICS)
      expect(Math.abs(metrics[name] - golden.expected[name]!), name).toBeLessThanOrEqual(1e-9);
  });

  it('has means over the classes that have objects', () => {
    for (const golden of cases) {
      const evaluator = evaluatorOf(golden);
      const present = evaluator.perClass().filter(({ objects }) => objects > 0);
      const mean = present.reduce((sum, { AP }) => sum + AP, 0) / present.length;
      expect(evaluator.metrics().AP).toBeCloseTo(mean, 12);
    }
  });

  it('reads precision at 101 recalls', () => {
    // Two objects; found, wrong, found: precision 1 up to recall 1/2, then 2/3 up to 1.
    const evaluator = new CocoEvaluator(1);
    evaluator.add(
      [object([0, 0, 50, 50]), object([100, 0, 50, 50])],
      [found([0, 0, 50, 50], 0.9), found([0, 200, 50, 50], 0.8), found([100, 0, 50, 50], 0.7)],
    );
    const curve = evaluator.curves(0)![0]!;
    for (const value of curve.precision.slice(0, 51)) expect(value).toBeCloseTo(1, 12);
    for (const value of curve.precision.slice(51)) expect(value).toBeCloseTo(2 / 3, 12);
    expect([curve.scores[50], curve.scores[51], curve.recall]).toEqual([0.9, 0.7, 1]);
    expect(evaluator.metrics().AP).toBeCloseTo((51 + 50 * (2 / 3)) / 101, 12);
    expect(evaluator.metrics().AR1).toBe(0.5);
  });

  it('counts an overlap up to each threshold', () => {
    // 100 x 76 of 100 x 100: IoU 0.76 passes 0.50, 0.55, …, 0.75: six of ten.
    const evaluator = new CocoEvaluator(1);
    evaluator.add([object([0, 0, 100, 100])], [found([0, 0, 100, 76], 1)]);
    const { AP, AP50, AP75, ARlarge, APsmall, ARsmall } = evaluator.metrics();
    [AP, ARlarge].forEach((value) => expect(value).toBeCloseTo(0.6, 12));
    expect([AP50, AP75].map((value) => Math.round(value * 1e12) / 1e12)).toEqual([1, 1]);
    expect([APsmall, ARsmall]).toEqual([-1, -1]);
  });

  it('lets a crowd take any number of detections, none of which counts', () => {
    const evaluator = new CocoEvaluator(1);
    const crowd = object([200, 0, 100, 100], { crowd: true });
    evaluator.add(
      [object([0, 0, 50, 50]), crowd],
      [found([210, 0, 20, 20], 0.9), found([240, 10, 20, 20], 0.8), found([0, 0, 50, 50], 0.1)],
    );
    expect(evaluator.metrics().AP).toBeCloseTo(1, 12);
  });

  it('prefers an object that counts to a crowd that overlaps more', () => {
    const evaluator = new CocoEvaluator(1);
    evaluator.add([object([0, 0, 300, 300], { crowd: true }), object([0, 0, 50, 60])], [found([0, 0, 50, 50], 0.9)]);
    // 50 x 50 of 50 x 60 is 0.83: right at seven of ten overlaps; beyond, the crowd takes it.
    expect(evaluator.metrics().AR100).toBeCloseTo(0.7, 12);
  });

  it('gives equal scores their order of arrival, within a picture and between pictures', () => {
    const first = new CocoEvaluator(1);
    const second = new CocoEvaluator(1);
    const right = found([0, 0, 50, 50], 0.5);
    const wrong = found([100, 100, 50, 50], 0.5);
    first.add([object([0, 0, 50, 50])], [right, wrong]);
    second.add([object([0, 0, 50, 50])], [wrong, right]);
    expect(first.metrics().AP).toBeCloseTo(1, 12);
    expect(second.metrics().AP).toBeCloseTo(0.5, 12);
    const apart = new CocoEvaluator(1);
    apart.add([], [wrong]);
    apart.add([object([0, 0, 50, 50])], [right]);
    expect(apart.metrics().AP).toBeCloseTo(0.5, 12);
  });

  it('counts a hundred detections a class and picture', () => {
    const evaluator = new CocoEvaluator(2);
    const others = Array.from({ length: 100 }, (_, i) => found([100, 100, 10, 10], 0.9 - i / 1000));
    evaluator.add(
      [object([0, 0, 50, 50]), object([0, 0, 50, 50], { label: 1 })],
      [...others, found([0, 0, 50, 50], 0.1), found([0, 0, 50, 50], 0.1, 1)],
    );
    expect(evaluator.perClass().map(({ AP }) => Math.round(AP * 1e12) / 1e12)).toEqual([0, 1]);
  });

  it('is undefined without objects and 0 without detections', () => {
    const evaluator = new CocoEvaluator(2);
    expect(Object.values(evaluator.metrics())).toEqual(new Array(12).fill(-1));
    expect(evaluator.curves(0)).toBeUndefined();
    evaluator.add([object([0, 0, 40, 40])], []);
    expect(evaluator.metrics()).toMatchObject({ AP: 0, AR100: 0, APmedium: 0, APlarge: -1 });
    expect(evaluator.perClass()[1]).toEqual({ AP: -1, AP50: -1, AP75: -1, objects: 0 });
    expect(() => evaluator.add([object([0, 0, 1, 1], { label: 2 })], [])).toThrow(RangeError);
  });
});
