import { abs, clipByValue, expandDims, logSoftmax, mul, neg, range, relu, softmax, sub, sum, type Tensor } from '@tensorflow/tfjs-core';

/** The distance that a distribution over 0 … bins - 1 expects: logits `[…, bins]` give `[…]`. */
export function expectedDistance(logits: Tensor): Tensor {
  return sum(mul(softmax(logits), range(0, logits.shape.at(-1)!)), -1);
}

/**
 * Distribution focal loss of each element, in nats (Li et al., 2020, "Generalized focal loss", eq. 6):
 * `-((i + 1 - y) log Sᵢ + (y - i) log Sᵢ₊₁)` with S the softmax and i ≤ y < i + 1 the bins around the
 * distance. A distance beyond the last bin counts as the last, one below zero as zero.
 *
 * @param logits `[…, bins]` @param distances `[…]`
 */
export function distributionFocalLoss(logits: Tensor, distances: Tensor): Tensor {
  const bins = logits.shape.at(-1)!;
  const reached = expandDims(clipByValue(distances, 0, bins - 1), -1);
  // 1 - |y - i| is the weight of the two bins around y, and below zero for all others.
  const weights = relu(sub(1, abs(sub(reached, range(0, bins)))));
  return neg(sum(mul(weights, logSoftmax(logits)), -1));
}
