import '@tensorflow/tfjs';
import { grad, memory, setBackend, sum, tensor, tensor1d, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { boxOverlap, completeOverlap } from './box-overlaps.ts';
import { generalizedFocalLoss } from './detection-loss.ts';
import { distributionFocalLoss, expectedDistance, judgeDistances } from './distribution-focal-loss.ts';
import { qualityFocalLoss } from './quality-focal-loss.ts';

let tensors = 0;
beforeAll(() => setBackend('cpu'));
beforeEach(() => void (tensors = memory().numTensors));
afterEach(() => expect(memory().numTensors).toBe(tensors));

/** The gradient of `sum(f)` at x, and the same by central differences in each element. */
function gradients(
  f: (x: Tensor) => Tensor,
  values: number[],
  shape: number[],
  step = 1e-2,
): { analytic: number[]; numeric: number[] } {
  return tidy(() => {
    const total = (x: Tensor) => sum(f(x));
    const analytic = Array.from(grad(total)(tensor(values, shape)).dataSync());
    const at = (i: number, change: number) =>
      total(
        tensor(
          values.map((value, j) => (i === j ? value + change : value)),
          shape,
        ),
      ).dataSync()[0]!;
    return { analytic, numeric: values.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step)) };
  });
}

function expectGradients(f: (x: Tensor) => Tensor, values: number[], shape: number[]): void {
  const { analytic, numeric } = gradients(f, values, shape);
  // Single precision leaves about 1e-5 / (2 · 1e-2) of rounding, the third derivative as much.
  analytic.forEach((value, i) => expect(value, `element ${i}`).toBeCloseTo(numeric[i]!, 2));
}

const read = (make: () => Tensor) => tidy(() => Array.from(make().dataSync()));

describe('qualityFocalLoss', () => {
  it('is the focal-weighted cross-entropy of the quality', () => {
    // σ(0) = 1/2: (0.8 - 0.5)² · (-0.2 ln 0.5 - 0.8 ln 0.5) = 0.09 ln 2. σ(ln 3) = 3/4, y = 0: (3/4)² · ln 4.
    const [a, b] = read(() => qualityFocalLoss(tensor1d([0, Math.log(3)]), tensor1d([0.8, 0])));
    expect(a).toBeCloseTo(0.09 * Math.LN2, 6);
    expect(b).toBeCloseTo(0.5625 * Math.log(4), 6);
  });

  it('has the derivative 2 (σ - y) σ (1 - σ) H + (σ - y)³, and neither overflows', () => {
    const [sigma, y] = [0.75, 0.2];
    const entropy = -y * Math.log(sigma) - (1 - y) * Math.log(1 - sigma);
    const expected = 2 * (sigma - y) * sigma * (1 - sigma) * entropy + (sigma - y) ** 3;
    const { analytic } = gradients((x) => qualityFocalLoss(x, tensor1d([y, y, y])), [Math.log(3), 80, -80], [3]);
    expect(analytic[0]).toBeCloseTo(expected, 5);
    expect(analytic.every(Number.isFinite)).toBe(true);
    expectGradients((x) => qualityFocalLoss(x, tensor1d([0, 0.3, 0.9, 1])), [-1.5, 0.4, 1.1, 2], [4]);
  });
});

describe('boxOverlap', () => {
  it('of [0, 0, 2, 2] and [1, 1, 3, 3] is 1/7, less 2/9 of the square around both', () => {
    const { iou, giou } = tidy(() => {
      const overlap = boxOverlap(tensor2d([[0, 0, 2, 2]]), tensor2d([[1, 1, 3, 3]]));
      return { iou: overlap.iou.dataSync()[0]!, giou: overlap.giou.dataSync()[0]! };
    });
    expect(iou).toBeCloseTo(1 / 7, 6);
    expect(giou).toBeCloseTo(1 / 7 - 2 / 9, 6);
  });

  it('pulls boxes together that do not meet', () => {
    // Unit squares 2 apart: (union 2, around 3): 0 - 1/3. Moving the left one's right edge by d: union 2 + d, around 3.
    const { analytic } = gradients((x) => boxOverlap(x, tensor2d([[2, 0, 3, 1]])).giou, [0, 0, 1, 1], [1, 4]);
    expect(analytic[2]).toBeCloseTo(1 / 3, 5);
    expectGradients(
      (x) =>
        boxOverlap(
          x,
          tensor2d([
            [2, 0, 3, 1],
            [1, 1, 4, 3],
          ]),
        ).giou,
      [0.1, 0.1, 1.2, 1.3, 0.2, 0.3, 2.1, 2.4],
      [2, 4],
    );
  });
});

describe('completeOverlap', () => {
  /** In double precision; α as given, or that of the boxes. */
  function complete(
    [l, t, r, b]: number[],
    [l2, t2, r2, b2]: number[],
    alpha?: number,
  ): { value: number; alpha: number } {
    const side = (low: number, high: number) => Math.max(0, high - low);
    const shared = side(Math.max(l!, l2!), Math.min(r!, r2!)) * side(Math.max(t!, t2!), Math.min(b!, b2!));
    const iou = shared / ((r! - l!) * (b! - t!) + (r2! - l2!) * (b2! - t2!) - shared);
    const apart = ((l! + r! - l2! - r2!) ** 2 + (t! + b! - t2! - b2!) ** 2) / 4;
    const diagonal = (Math.max(r!, r2!) - Math.min(l!, l2!)) ** 2 + (Math.max(b!, b2!) - Math.min(t!, t2!)) ** 2;
    const v = (4 / Math.PI ** 2) * (Math.atan((r! - l!) / (b! - t!)) - Math.atan((r2! - l2!) / (b2! - t2!))) ** 2;
    const weight = alpha ?? v / (1 - iou + v);
    return { value: iou - apart / diagonal - weight * v, alpha: weight };
  }

  it('of [0, 0, 2, 2] and [1, 1, 4, 2] is 1/6, less 1/8 for the distance and what proportions differ', () => {
    // Middles (1, 1) and (2.5, 1.5): 2.5 of the 20 of the diagonal, squared. Proportions of 1 and 3.
    const v = (4 / Math.PI ** 2) * (Math.atan(3) - Math.PI / 4) ** 2;
    const { iou, ciou } = tidy(() => {
      const overlap = completeOverlap(tensor2d([[0, 0, 2, 2]]), tensor2d([[1, 1, 4, 2]]));
      return { iou: overlap.iou.dataSync()[0]!, ciou: overlap.ciou.dataSync()[0]! };
    });
    expect(iou).toBeCloseTo(1 / 6, 6);
    expect(ciou).toBeCloseTo(1 / 6 - 1 / 8 - v ** 2 / (5 / 6 + v), 6);
  });

  it('has the gradient of its value with the trade-off held', () => {
    const [boxes, others] = [
      [
        [0.1, 0.1, 1.2, 1.3],
        [0.2, 0.3, 2.1, 2.4],
      ],
      [
        [2, 0, 3, 1],
        [1, 1, 4, 3],
      ],
    ];
    const { analytic } = gradients((x) => completeOverlap(x, tensor2d(others)).ciou, boxes.flat(), [2, 4]);
    analytic.forEach((value, i) => {
      const [box, other, side] = [boxes[i >> 2]!, others[i >> 2]!, i % 4];
      const { alpha } = complete(box, other);
      const at = (change: number) => complete(box.with(side, box[side]! + change), other, alpha).value;
      expect(value, `element ${i}`).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 4);
    });
  });

  it('of boxes without extent is finite, and so is its gradient', () => {
    const { analytic } = gradients(
      (x) =>
        completeOverlap(
          x,
          tensor2d([
            [1, 1, 1, 1],
            [0, 0, 2, 2],
          ]),
        ).ciou,
      [1, 1, 1, 1, 1, 1, 1, 1],
      [2, 4],
    );
    expect(analytic.every(Number.isFinite)).toBe(true);
  });
});

describe('distributionFocalLoss', () => {
  it('is the cross-entropy of the two bins around the distance', () => {
    // Softmax of logits ln(1, 2, 5) is 1/8, 1/4, 5/8; 1.3 lies 0.7 to bin 1 and 0.3 to bin 2.
    const logits = [0, Math.log(2), Math.log(5)];
    const [value, beyond] = read(() => distributionFocalLoss(tensor2d([logits, logits]), tensor1d([1.3, 7])));
    expect(value).toBeCloseTo(-0.7 * Math.log(1 / 4) - 0.3 * Math.log(5 / 8), 6);
    expect(beyond).toBeCloseTo(-Math.log(5 / 8), 6);
    expect(read(() => expectedDistance(tensor1d(logits)))[0]).toBeCloseTo(1 / 4 + 10 / 8, 6);
  });

  it('has the gradient softmax - weights', () => {
    const { analytic } = gradients(
      (x) => distributionFocalLoss(x, tensor1d([1.3])),
      [0, Math.log(2), Math.log(5)],
      [1, 3],
    );
    [1 / 8, 1 / 4 - 0.7, 5 / 8 - 0.3].forEach((expected, i) => expect(analytic[i]).toBeCloseTo(expected, 5));
    expectGradients((x) => distributionFocalLoss(x, tensor1d([0.4, 1.9])), [0.3, -1, 0.5, 2, 0.1, -0.2], [2, 3]);
  });

  it('comes with the expected distances, whose gradient is S (i - expected), and neither overflows', () => {
    const logits = [0, Math.log(2), Math.log(5), 300, 200, 100];
    const judged = () => judgeDistances(tensor2d(logits, [2, 3]), tensor1d([1.3, 2]));
    const [expected, losses] = [read(() => judged().expected), read(() => judged().loss)];
    [1 / 4 + 10 / 8, 0].forEach((value, i) => expect(expected[i]).toBeCloseTo(value, 5));
    [-0.7 * Math.log(1 / 4) - 0.3 * Math.log(5 / 8), 200].forEach((value, i) =>
      expect(losses[i]).toBeCloseTo(value, 4),
    );
    const { analytic } = gradients((x) => judgeDistances(x, tensor1d([0, 0])).expected, logits, [2, 3]);
    [
      [1 / 8, 0],
      [1 / 4, 1],
      [5 / 8, 2],
    ].forEach(([share, bin], i) => expect(analytic[i]).toBeCloseTo(share! * (bin! - 1.5), 5));
    for (const value of analytic.slice(3)) expect(value).toBeCloseTo(0, 6);
  });
});

describe('generalizedFocalLoss', () => {
  const BINS = 3;
  /** Logits of a distribution that expects the distance exactly, of 0 to 2. */
  const sure = (distance: number): number[] => Array.from({ length: BINS }, (_, i) => (i === distance ? 40 : 0));

  it('of one object, one background and one ignored cell is what the paper says', () => {
    // The object's cell is certain of a box of 2 x 2 strides where the object has 2 x 1: IoU = GIoU = 1/2,
    // and its distributions miss the top side by one bin of logit 40. Its class has the score 1/2.
    const [logits, distances] = [
      [0, -2, -2, -2, 5, 5],
      [1, 1, 1, 1].flatMap(sure).concat(new Array<number>(24).fill(0)),
    ];
    const value = read(() =>
      generalizedFocalLoss(
        { logits: tensor(logits, [1, 3, 2]), distances: tensor(distances, [1, 3, 4 * BINS]) },
        {
          labels: tensor([0, -1, -2], [1, 3], 'int32'),
          ltrb: tensor([1, 0, 1, 1, ...new Array<number>(8).fill(0)], [1, 3, 4]),
        },
      ),
    )[0];
    const sigma = 1 / (1 + Math.exp(2));
    const background = sigma ** 2 * -Math.log(1 - sigma); // of each logit of -2 that should be none
    const classification = 0 + 3 * background; // quality 1/2 equals the score 1/2
    const boxes = 2 * (1 - 0.5) + (0.25 / 4) * 40; // whatever the weight: one cell only
    expect(value).toBeCloseTo(classification + boxes, 4);
  });

  it('weighs cells by the qualities that targets give', () => {
    // The cells of above with the quality 1/4 and one more, of quality 1/2, that meets its object exactly at score 1/2.
    const [logits, distances] = [
      [0, -2, 0, -2],
      [
        [1, 1, 1, 1],
        [1, 1, 1, 1],
      ]
        .flat()
        .flatMap(sure),
    ];
    const value = read(() =>
      generalizedFocalLoss(
        { logits: tensor(logits, [1, 2, 2]), distances: tensor(distances, [1, 2, 4 * BINS]) },
        {
          labels: tensor([0, 0], [1, 2], 'int32'),
          ltrb: tensor([1, 0, 1, 1, 1, 1, 1, 1], [1, 2, 4]),
          quality: tensor([0.25, 0.5], [1, 2]),
        },
      ),
    )[0];
    const sigma = 1 / (1 + Math.exp(2));
    const classification = (1 / 4) ** 2 * Math.LN2 + 2 * sigma ** 2 * -Math.log(1 - sigma); // over 0.75, which counts as 1
    const boxes = 2 * (1 - 0.5) + (0.25 / 4) * 40; // of the first cell
    expect(value).toBeCloseTo(classification + (0.25 * boxes) / 0.75, 4);
  });

  it('has the gradient of its value, with quality and weight held', () => {
    const targets = () => ({
      labels: tensor([1, -1], [1, 2], 'int32'),
      ltrb: tensor([0.6, 1.2, 0.8, 0.5, 0, 0, 0, 0], [1, 2, 4]),
    });
    const spread = Array.from({ length: 24 }, (_, i) => Math.sin(3 * i));
    // One object's weight cancels, and qualities come from the distances: nothing that is held moves with a logit.
    expectGradients(
      (x) => generalizedFocalLoss({ logits: x, distances: tensor(spread, [1, 2, 12]) }, targets()),
      [0.3, -0.4, 0.8, -1.2],
      [1, 2, 2],
    );
    // Qualities are held, so distances move the boxes' part of the loss alone.
    const { analytic } = gradients(
      (x) => generalizedFocalLoss({ logits: tensor([0, 0, 0, 0], [1, 2, 2]), distances: x }, targets()),
      spread,
      [1, 2, 12],
    );
    const numeric = spread.map((_, i) => {
      const boxesAt = (change: number) =>
        read(() => {
          const x = tensor(
            spread.map((value, j) => (i === j ? value + change : value)),
            [1, 2, 12],
          );
          const { ltrb } = targets();
          const [first] = x.reshape([2, 4, BINS]).unstack();
          const xyxyAround = (sides: Tensor) => sides.mul(tensor1d([-1, -1, 1, 1])).reshape([1, 4]);
          const wanted = ltrb.slice([0, 0, 0], [1, 1, 4]).reshape([4]);
          const { giou } = boxOverlap(xyxyAround(expectedDistance(first!)), xyxyAround(wanted));
          return sum(giou.mul(-2)).add(sum(distributionFocalLoss(first!, wanted)).mul(0.25 / 4));
        })[0]!;
      return (boxesAt(1e-2) - boxesAt(-1e-2)) / 2e-2;
    });
    analytic.forEach((value, i) => expect(value, `element ${i}`).toBeCloseTo(numeric[i]!, 2));
  });

  it('of one class without any object is that of the background', () => {
    const value = read(() =>
      generalizedFocalLoss(
        { logits: tensor([-4, -4], [1, 2, 1]), distances: tensor(new Array<number>(24).fill(0), [1, 2, 12]) },
        { labels: tensor([-1, -1], [1, 2], 'int32'), ltrb: tensor(new Array<number>(8).fill(0), [1, 2, 4]) },
      ),
    )[0];
    const sigma = 1 / (1 + Math.exp(4));
    expect(value).toBeCloseTo(2 * sigma ** 2 * -Math.log(1 - sigma), 6);
  });
});
