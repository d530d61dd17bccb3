import { add, div, maximum, minimum, mul, relu, sub, unstack, type Tensor } from '@tensorflow/tfjs-core';

/** Square pixels below which an area counts as this much, so that empty boxes divide nothing by zero. */
const LEAST = 1e-6;

/**
 * Overlap of boxes given by their edges `[…, left, top, right, bottom]`, both of `[…]`:
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
