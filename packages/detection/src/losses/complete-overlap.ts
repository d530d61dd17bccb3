import { add, atan, div, maximum, minimum, mul, square, sub, unstack, type Tensor } from '@tensorflow/tfjs-core';
import { boxOverlap } from './box-overlap.ts';
import { asConstant } from '@headstart/core/network';

/** What sides, squared diagonals and the denominator of the trade-off count at least, so that nothing is divided by zero. */
const LEAST = 1e-6;

/**
 * Overlap of boxes given by their edges `[…, left, top, right, bottom]`, both of `[…]`:
 *
 * - `iou`: |a ∩ b| / |a ∪ b|;
 * - `ciou`: iou - ρ² / c² - α v (Zheng et al., 2020, "Distance-IoU loss", eq. 8 to 11), ρ the distance of the
 *   middles, c the diagonal of the smallest box around both, v = 4/π² (atan(w'/h') - atan(w/h))² the difference of
 *   proportions and α = v / (1 - iou + v), which is held constant.
 */
export function completeOverlap(a: Tensor, b: Tensor): { iou: Tensor; ciou: Tensor } {
  const { iou } = boxOverlap(a, b);
  const [left, top, right, bottom] = unstack(a, -1) as [Tensor, Tensor, Tensor, Tensor];
  const [otherLeft, otherTop, otherRight, otherBottom] = unstack(b, -1) as [Tensor, Tensor, Tensor, Tensor];
  const span = (low: Tensor, otherLow: Tensor, high: Tensor, otherHigh: Tensor) =>
    square(sub(maximum(high, otherHigh), minimum(low, otherLow)));
  const diagonal = maximum(
    add(span(left, otherLeft, right, otherRight), span(top, otherTop, bottom, otherBottom)),
    LEAST,
  );
  // Twice the way between middles along an axis, squared.
  const apart = (low: Tensor, otherLow: Tensor, high: Tensor, otherHigh: Tensor) =>
    square(sub(add(low, high), add(otherLow, otherHigh)));
  const distance = mul(add(apart(left, otherLeft, right, otherRight), apart(top, otherTop, bottom, otherBottom)), 0.25);
  const slant = (l: Tensor, t: Tensor, r: Tensor, m: Tensor) => atan(div(sub(r, l), maximum(sub(m, t), LEAST)));
  const v = mul(
    square(sub(slant(left, top, right, bottom), slant(otherLeft, otherTop, otherRight, otherBottom))),
    4 / Math.PI ** 2,
  );
  const alpha = asConstant(() => div(v, maximum(add(sub(1, iou), v), LEAST)));
  return { iou, ciou: sub(sub(iou, div(distance, diagonal)), mul(alpha, v)) };
}
