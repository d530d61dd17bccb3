import '@tensorflow/tfjs';
import { grad, memory, setBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { columnsOf } from '@headstart/core/network';
import { generalizedFocalLoss } from './detection-loss.ts';
import { classIncrementalLoss, responseDistillation } from './class-incremental-loss.ts';

let tensors = 0;
beforeAll(() => setBackend('cpu'));
beforeEach(() => void (tensors = memory().numTensors));
afterEach(() => expect(memory().numTensors).toBe(tensors));

const value = (make: () => Tensor) => tidy(() => make().dataSync()[0]!);
const logit = (p: number) => Math.log(p / (1 - p));

/** Two bins per side: logits of a distribution that gives the second bin this much. */
const sides = (...shares: number[]) => shares.flatMap((share) => [0, logit(share)]);
/** Of two outcomes: of a class to be there, and of a distance of two bins. */
const divergence = (t: number, s: number) => t * Math.log(t / s) + (1 - t) * Math.log((1 - t) / (1 - s));

describe('responseDistillation', () => {
  // Three cells, two classes. The source sees an object in the first two (0.8, 0.4), and none in the last (0.05).
  const scores = [0.8, 0.2, 0.3, 0.4, 0.05, 0.01];
  const boxes = [...sides(0.5, 0.5, 0.5, 0.5), ...sides(0.9, 0.2, 0.5, 0.5), ...sides(0.9, 0.9, 0.9, 0.9)];
  const source = () => ({ logits: tensor(scores.map(logit), [1, 3, 2]), distances: tensor(boxes, [1, 3, 8]) });

  it('is zero where both say the same', () => {
    expect(value(() => responseDistillation(source(), source(), tensor([0, 0, 0], [1, 3])))).toBeCloseTo(0, 7);
  });

  it('is the divergence of scores, and of boxes that the source sees, over its scores', () => {
    const studentScores = [0.5, 0.2, 0.3, 0.9, 0.5, 0.01];
    const moved = [...sides(0.7, 0.5, 0.5, 0.5), ...sides(0.5, 0.2, 0.1, 0.5), ...sides(0.1, 0.1, 0.1, 0.1)];
    const student = () => ({
      logits: tensor(studentScores.map(logit), [1, 3, 2]),
      distances: tensor(moved, [1, 3, 8]),
    });
    const seen = 0.8 + 0.4;
    const classes =
      divergence(0.8, 0.5) +
      divergence(0.4, 0.9) +
      divergence(0.05, 0.5) +
      divergence(0.2, 0.2) +
      divergence(0.3, 0.3) +
      divergence(0.01, 0.01);
    const first = (10 * 0.8 * divergence(0.5, 0.7)) / 4;
    const second = (10 * 0.4 * (divergence(0.9, 0.5) + divergence(0.5, 0.1))) / 4;
    expect(value(() => responseDistillation(student(), source(), tensor([0, 0, 0], [1, 3])))).toBeCloseTo(
      (classes + first + second) / seen,
      5,
    );
    // Where the target has an object, its box is the target's; what else is there stays.
    expect(value(() => responseDistillation(student(), source(), tensor([1, 0, 0], [1, 3])))).toBeCloseTo(
      (classes + second) / seen,
      5,
    );
  });

  it('divides by no less than one score', () => {
    const quiet = () => ({
      logits: tensor([0.02, 0.02].map(logit), [1, 1, 2]),
      distances: tensor(sides(0.5, 0.5, 0.5, 0.5), [1, 1, 8]),
    });
    const student = () => ({
      logits: tensor([0.5, 0.02].map(logit), [1, 1, 2]),
      distances: tensor(sides(0.9, 0.9, 0.9, 0.9), [1, 1, 8]),
    });
    expect(value(() => responseDistillation(student(), quiet(), tensor([0], [1, 1])))).toBeCloseTo(
      divergence(0.02, 0.5),
      6,
    );
  });

  it('has the gradient of its value, and that of a divergence is s - t', () => {
    const logits = [0.5, 0.2, 0.3, 0.7, 0.5, 0.04].map(logit);
    const moved = [...sides(0.7, 0.5, 0.5, 0.5), ...sides(0.5, 0.2, 0.1, 0.5), ...sides(0.1, 0.1, 0.1, 0.1)];
    const none = () => tensor([0, 0, 0], [1, 3]);
    const byLogits = (x: Tensor) =>
      responseDistillation({ logits: x, distances: tensor(moved, [1, 3, 8]) }, source(), none());
    const byDistances = (x: Tensor) =>
      responseDistillation({ logits: tensor(logits, [1, 3, 2]), distances: x }, source(), none());
    for (const [f, at, shape] of [
      [byLogits, logits, [1, 3, 2]],
      [byDistances, moved, [1, 3, 8]],
    ] as const) {
      const analytic = tidy(() => Array.from(grad(f)(tensor([...at], [...shape])).dataSync()));
      const moveBy = (i: number, change: number) => value(() => f(tensor(at.with(i, at[i]! + change), [...shape])));
      // Single precision leaves about 1e-6 / 2e-2 of rounding.
      analytic.forEach((each, i) =>
        expect(each, `element ${i}`).toBeCloseTo((moveBy(i, 1e-2) - moveBy(i, -1e-2)) / 2e-2, 3),
      );
    }
    const slopes = tidy(() => Array.from(grad(byDistances)(tensor(moved, [1, 3, 8])).dataSync()));
    expect(slopes[1]).toBeCloseTo((10 * (0.8 / 1.2) * (0.7 - 0.5)) / 4, 5);
    expect(slopes.slice(16).every((slope) => slope === 0)).toBe(true);
  });
});

describe('classIncrementalLoss', () => {
  // Labels: two of the source's, of which the second is learned again, and a new one. The first cell has the new
  // object, the second one that the source knows, the third nothing.
  const targets = () => ({
    labels: tensor([2, -1, -1], [1, 3], 'int32'),
    ltrb: tensor([0.5, 0.5, 0.5, 0.5, ...new Array<number>(8).fill(0)], [1, 3, 4]),
  });
  const given = () => ({
    logits: tensor([0.02, 0.5, 0.9, 0.5, 0.02, 0.5].map(logit), [1, 3, 2]),
    distances: tensor(sides(...new Array<number>(12).fill(0.5)), [1, 3, 8]),
  });
  const distillation = () => ({ outputs: given(), retainedClasses: [0] });
  const student = (old: number) => ({
    logits: tensor([0.02, 0.1, 0.6, old, 0.1, 0.1, 0.02, 0.1, 0.1].map(logit), [1, 3, 3]),
    distances: tensor(sides(...new Array<number>(12).fill(0.5)), [1, 3, 8]),
  });

  it('is the loss of the classes that are learned and the distillation of those that are retained', () => {
    const own = value(() => {
      const { logits, distances } = student(0.9);
      return generalizedFocalLoss({ logits: columnsOf(logits, [1, 2]), distances }, targets(), { classes: [1, 2] });
    });
    expect(value(() => classIncrementalLoss(student(0.9), targets(), distillation()))).toBeCloseTo(own, 6);
    expect(value(() => classIncrementalLoss(student(0.3), targets(), distillation()))).toBeCloseTo(
      own + divergence(0.9, 0.3),
      5,
    ); // one is seen, 0.9: over 1
  });

  it('does not take what the source sees for background, as the loss of the target alone does', () => {
    const slopeOf = (loss: (outputs: ReturnType<typeof student>) => Tensor) =>
      tidy(
        () => grad((x) => loss({ ...student(0.8), logits: x }))(student(0.8).logits).arraySync() as number[][][],
      )[0]![1]![0]!;
    expect(slopeOf((outputs) => generalizedFocalLoss(outputs, targets()))).toBeGreaterThan(0.1); // downhill is less of it
    expect(slopeOf((outputs) => classIncrementalLoss(outputs, targets(), distillation()))).toBeLessThan(0); // 0.8 rises to the source's 0.9
  });

  it('is refused for a source that predicts other things', () => {
    const other = () => ({ retainedClasses: [0], outputs: { logits: tensor([1, 2], [1, 2]) } });
    expect(() => tidy(() => classIncrementalLoss(student(0.5), targets(), other()))).toThrow(
      expect.objectContaining({ code: 'not-supported' }),
    );
  });
});

it('columnsOf gathers places of the last axis', () => {
  const x = [0, 1, 2, 3, 4, 10, 11, 12, 13, 14];
  expect(tidy(() => columnsOf(tensor(x, [1, 2, 5]), [0, 1, 4]).arraySync())).toEqual([
    [
      [0, 1, 4],
      [10, 11, 14],
    ],
  ]);
  expect(tidy(() => columnsOf(tensor(x, [2, 5]), [2, 3]).arraySync())).toEqual([
    [2, 3],
    [12, 13],
  ]);
});
