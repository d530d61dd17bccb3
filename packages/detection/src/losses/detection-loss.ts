import {
  add,
  cast,
  div,
  equal,
  expandDims,
  greater,
  max,
  maximum,
  mul,
  range,
  reshape,
  sigmoid,
  sub,
  sum,
  tensor1d,
  tidy,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { stopGradient } from '@headstart/core/network';
import { IGNORED } from '../assignment/atss.ts';
import { OVERLAPS, type BoxOverlap } from './box-overlaps.ts';
import { expectedDistance, judgeDistances } from './distribution-focal-loss.ts';
import { qualityFocalLoss } from './quality-focal-loss.ts';

/** Weights of the parts (Li et al., 2020, section 4). */
const OVERLAP = 2;
const DISTRIBUTION = 0.25;
const SIDES = 4;
/** What the weights of a batch count at least, so that a batch without objects divides by no zero. */
const LEAST_WEIGHT = 1e-3;

/** What a dense head predicts: `logits` `[batch, cells, classes]`, `distances` `[batch, cells, 4 · bins]`. */
export interface DenseOutputs {
  readonly logits: Tensor;
  readonly distances: Tensor;
}

/**
 * What the cells are to learn: `labels` int32 `[batch, cells]`; `ltrb` `[batch, cells, 4]`, distances to
 * left, top, right and bottom in strides.
 */
export interface DenseTargets {
  readonly labels: Tensor;
  readonly ltrb: Tensor;
  /** The score that a cell with an object is to give, `[batch, cells]`; the overlap of its box with the object where absent. */
  readonly quality?: Tensor;
}

export interface DenseLossOptions {
  /** The label of each column of the logits, where they are not all. */
  readonly classes?: readonly number[];
  /** What the boxes' loss goes by; GIoU where absent. */
  readonly overlap?: BoxOverlap;
}

/** Expected distances to left, top, right and bottom in strides, `[batch, cells, 4]`. */
export function ltrbOf(distances: Tensor): Tensor {
  return expectedDistance(perSide(distances));
}

/**
 * Generalized focal loss (Li et al., 2020): quality focal loss of the classes over the number of cells with
 * an object, and 2 (1 - GIoU) + 0.25 × mean distribution focal loss of the four sides of those cells, each
 * weighted by its best score. Overlaps do not depend on where a cell is and how large: they are computed in
 * strides around it. Where targets give qualities, these count in place of overlaps, cells and scores (Feng et al.,
 * 2021, "TOOD", section 3.3).
 */
export function generalizedFocalLoss(
  { logits, distances }: DenseOutputs,
  { labels, ltrb, quality }: DenseTargets,
  { classes, overlap = OVERLAPS.giou }: DenseLossOptions = {},
): Scalar {
  return tidy(() => {
    const positive = cast(greater(labels, -1), 'float32');
    const counted = sub(1, cast(equal(labels, IGNORED), 'float32'));
    const { expected, loss: sides } = judgeDistances(perSide(distances), ltrb);
    const { iou, bounded } = overlap(xyxyAround(expected), xyxyAround(ltrb));

    const columns = classes ? tensor1d([...classes], 'int32') : range(0, logits.shape[2]!, 1, 'int32');
    const qualities = mul(
      cast(equal(expandDims(labels, -1), columns), 'float32'),
      expandDims(quality ?? stopGradient(iou), -1),
    );
    const classification = div(
      sum(mul(sum(qualityFocalLoss(logits, qualities), -1), counted)),
      maximum(sum(quality ?? positive), 1),
    );

    const weight = quality ?? mul(positive, stopGradient(max(sigmoid(logits), -1)));
    const boxes = add(mul(sub(1, bounded), OVERLAP), mul(sum(sides, -1), DISTRIBUTION / SIDES));
    return add<Scalar>(classification, div(sum(mul(boxes, weight)), maximum(sum(weight), LEAST_WEIGHT)));
  });
}

/** `[batch, cells, 4 · bins]` as `[batch, cells, 4, bins]`. */
export function perSide(distances: Tensor): Tensor {
  const [batch, cells, numbers] = distances.shape as [number, number, number];
  return reshape(distances, [batch, cells, SIDES, numbers / SIDES]);
}

/** Distances to left, top, right and bottom as the corners of a box around the origin. */
function xyxyAround(ltrb: Tensor): Tensor {
  return mul(ltrb, tensor1d([-1, -1, 1, 1]));
}
