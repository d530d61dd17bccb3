import { add, atan, div, maximum, minimum, mul, relu, square, sub, unstack, type Tensor } from '@tensorflow/tfjs-core';
import { asConstant } from '@headstart/core/network';

/** What is divided by counts at least this much: areas, sides and squared diagonals of empty boxes are 0. */
const LEAST = 1e-6;

/** Compares boxes by their corners: `iou`, and `bounded` of at most 1, which the loss of a box falls short by. */
export type BoxOverlap = (a: Tensor, b: Tensor) => { readonly iou: Tensor; readonly bounded: Tensor };

/** By name. */
export const OVERLAPS = {
  giou: (a, b) => {
    const { iou, giou } = boxOverlap(a, b);
    return { iou, bounded: giou };
  },
  ciou: (a, b) => {
    const { iou, ciou } = completeOverlap(a, b);
    return { iou, bounded: ciou };
  },
} satisfies Record<string, BoxOverlap>;

/**
 * Overlap of boxes given by their corners `[…, left, top, right, bottom]`, both of `[…]`:
 *
 * - `iou`: |a ∩ b| / |a ∪ b|;
 * - `giou`: iou - |c \ (a ∪ b)| / |c| with c the smallest box around both, -1 to 1 (Rezatofighi et al.,
 *   2019, "Generalized intersection over union"): boxes that do not overlap still have a gradient.
 */
export function boxOverlap(a: Tensor, b: Tensor): { iou: Tensor; giou: Tensor } {
  const [left, top, right, bottom] = unstack(a, -1) as [Tensor, Tensor, Tensor, Tensor];
  const [otherLeft, otherTop, otherRight, otherBottom] = unstack(b, -1) as [Tensor, Tensor, Tensor, Tensor];
  const area = (l: Tensor, t: Tensor, r: Tensor, m: Tensor) => mul(relu(sub(r, l)), relu(sub(m, t)));
  const shared = area(
    maximum(left, otherLeft),
    maximum(top, otherTop),
    minimum(right, otherRight),
    minimum(bottom, otherBottom),
  );
  const union = maximum(
    sub(add(area(left, top, right, bottom), area(otherLeft, otherTop, otherRight, otherBottom)), shared),
    LEAST,
  );
  const around = maximum(
    area(minimum(left, otherLeft), minimum(top, otherTop), maximum(right, otherRight), maximum(bottom, otherBottom)),
    LEAST,
  );
  const iou = div(shared, union);
  return { iou, giou: sub(iou, div(sub(around, union), around)) };
}

/**
 * Overlap of boxes given by their corners `[…, left, top, right, bottom]`, both of `[…]`:
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
