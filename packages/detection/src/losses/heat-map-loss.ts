import {
  abs,
  add,
  cast,
  div,
  equal,
  greaterEqual,
  maximum,
  mul,
  neg,
  pow,
  relu,
  sigmoid,
  slice,
  softplus,
  square,
  sub,
  sum,
  tensor1d,
  tidy,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Weights of width and height, in cells, and of the middle's place (Zhou et al., 2019, section 4.1). */
const WEIGHTS = [0.1, 0.1, 1, 1];

/**
 * The loss of a heat-map head (Zhou et al., 2019, "Objects as points", eq. 1 to 4), over the number of objects:
 * a focal loss whose weight falls near middles, `-(1 - p)² log p` in cells that hold a middle and
 * `-(1 - y)⁴ p² log(1 - p)` in others, and absolute differences of extents in cells that hold one. Cells with
 * heat below zero do not count.
 *
 * @param outputs `heat` logits `[batch, cells, classes]`, `extent` `[batch, cells, 4]`
 * @param targets `heat` `[batch, cells, classes]`, `extent` `[batch, cells, 5]`
 */
export function heatMapLoss(
  outputs: { heat: Tensor; extent: Tensor },
  targets: { heat: Tensor; extent: Tensor },
): Scalar {
  return tidy(() => {
    const { heat } = outputs;
    const middle = cast(equal(targets.heat, 1), 'float32');
    const other = sub(cast(greaterEqual(targets.heat, 0), 'float32'), middle);
    const p = sigmoid(heat);
    // -log p = softplus(-z) and -log(1 - p) = softplus(z): finite for every logit.
    const found = mul(middle, mul(square(sub(1, p)), softplus(neg(heat))));
    const quiet = mul(mul(other, pow(sub(1, relu(targets.heat)), 4)), mul(square(p), softplus(heat)));

    const [batch, cells] = targets.extent.shape as [number, number, number];
    const wanted = slice(targets.extent, [0, 0, 0], [batch, cells, 4]);
    const holds = slice(targets.extent, [0, 0, 4], [batch, cells, 1]);
    const extents = mul(holds, mul(abs(sub(outputs.extent, wanted)), tensor1d(WEIGHTS)));
    return div<Scalar>(add(sum(add(found, quiet)), sum(extents)), maximum(sum(holds), 1));
  });
}
