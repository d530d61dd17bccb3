import {
  add,
  cast,
  clipByValue,
  expandDims,
  floor,
  greater,
  greaterEqual,
  less,
  log,
  logicalAnd,
  logicalOr,
  maximum,
  mul,
  neg,
  oneHot,
  softplus,
  sub,
  sum,
  topk,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { LOWEST, pairUp, settle, type ObjectTensors, type Predicted } from './matching.ts';

/** Weight of the overlap's cost; strides around an object's middle; cells per object at most (Ge et al., 2021, section 2.1, and its code). */
const OVERLAP = 3;
const RADIUS = 2.5;
const CELLS = 10;
/** What a cell costs more that is not both inside the object and near its middle. */
const FAR = 1e5;
const LEAST_OVERLAP = 1e-8;

/**
 * SimOTA (Ge et al., 2021, "YOLOX: Exceeding YOLO series in 2021"): a cell costs an object the cross-entropy of its
 * scores with the object's class and -3 log of the overlap of its box; cells in the object or within 2.5 strides of
 * its middle may be taken, those of which both is true first. An object takes as many of the cheapest as the ten
 * largest overlaps come to, one at least. A cell of several objects takes the one that it costs least.
 * Of equal cells at the last place all are taken.
 *
 * Gives `[batch, cells, 5]`: class, and `ltrb` as in `Assignment`. To be computed as a constant.
 */
export function assignCheapest(predicted: Predicted, targets: ObjectTensors): Tensor {
  const { exists, overlap, logit, depth, offset } = pairUp(predicted, targets);
  // The cross-entropy with one class: softplus of every logit, less the class's own.
  const all = expandDims(sum(softplus(predicted.logits), 2), 1);
  const [inside, near] = [greater(depth, 0), less(offset, RADIUS)];
  const possible = logicalAnd(logicalOr(inside, near), exists);
  const far = sub(1, cast(logicalAnd(inside, near), 'float32'));
  const cost = add(add(sub(all, logit), mul(log(maximum(overlap, LEAST_OVERLAP)), -OVERLAP)), mul(far, FAR));
  const worth = where(possible, neg(cost), LOWEST);
  const most = Math.min(CELLS, worth.shape[2]!);
  const count = clipByValue(floor(sum(topk(mul(overlap, cast(possible, 'float32')), most).values, 2)), 1, most);
  const limit = sum(mul(topk(worth, most).values, oneHot(cast(sub(count, 1), 'int32'), most)), 2, true);
  return settle(logicalAnd(possible, greaterEqual(worth, limit)), worth, targets).learned;
}
