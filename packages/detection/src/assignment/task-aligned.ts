import {
  add,
  concat,
  exp,
  expandDims,
  greater,
  greaterEqual,
  log,
  logicalAnd,
  max,
  maximum,
  minimum,
  mul,
  neg,
  softplus,
  sub,
  sum,
  topk,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { last, LOWEST, pairUp, settle, type ObjectTensors, type Predicted } from './matching.ts';

/** Exponents of score and overlap, and cells per object (Feng et al., 2021, section 4.4). */
const ALPHA = 1;
const BETA = 6;
const CELLS = 13;
/** Overlaps below this count as this much: a box that is too far off is still told from one that is less sure of the class. */
const LEAST_OVERLAP = 1e-4;

/**
 * Task alignment learning (Feng et al., 2021, "TOOD: Task-aligned one-stage object detection"): of the cells whose
 * middle lies in an object, the 13 with the highest alignment t = s^α u^β are its own, s the score of its class and u
 * the overlap of the predicted box with it, α = 1 and β = 6. A cell of several objects takes the one that its box
 * overlaps most. The quality that a cell is to predict is t, scaled so that the highest of an object's cells is the
 * highest of their overlaps. Of equal cells at the 13th place all are taken.
 *
 * Gives `[batch, cells, 6]`: class, `ltrb` as in `Assignment`, and the quality. To be computed as a constant.
 */
export function assignAligned(predicted: Predicted, targets: ObjectTensors): Tensor {
  const { exists, overlap, logit, depth } = pairUp(predicted, targets);
  const alignment = add(mul(softplus(neg(logit)), -ALPHA), mul(log(maximum(overlap, LEAST_OVERLAP)), BETA));
  const inside = logicalAnd(greater(depth, 0), exists);
  const candidates = where(inside, alignment, LOWEST);
  const best = topk(candidates, Math.min(CELLS, candidates.shape[2]!)).values;
  const { owned, learned } = settle(logicalAnd(inside, greaterEqual(candidates, last(best))), overlap, targets);
  const highest = max(where(greater(owned, 0), alignment, LOWEST), 2, true);
  const scaled = mul(exp(minimum(sub(alignment, highest), 0)), max(mul(owned, overlap), 2, true));
  return concat([learned, expandDims(sum(mul(owned, scaled), 1), 2)], 2);
}
