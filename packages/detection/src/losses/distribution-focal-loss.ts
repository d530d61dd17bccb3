import {
  abs,
  clipByValue,
  concat,
  div,
  exp,
  log,
  matMul,
  max,
  mul,
  onesLike,
  range,
  relu,
  reshape,
  softmax,
  split,
  sub,
  sum,
  tensor2d,
  type Rank,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { asConstant } from '@headstart/core/network';

/** The distance that a distribution over 0 … bins - 1 expects: logits `[…, bins]` give `[…]`. */
export function expectedDistance(logits: Tensor): Tensor {
  return sum(mul(softmax(logits), range(0, logits.shape.at(-1)!)), -1);
}

/** What distributions over 0 … bins - 1 say, and how far that is from what they are to say; each `[…]`. */
export interface JudgedDistances {
  /** The distances that they expect. */
  readonly expected: Tensor;
  /** Distribution focal loss, in nats. */
  readonly loss: Tensor;
}

/**
 * Expected distances, and the distribution focal loss of each element (Li et al., 2020, "Generalized focal loss", eq. 6):
 * `-((i + 1 - y) log Sᵢ + (y - i) log Sᵢ₊₁)` with S the softmax and i ≤ y < i + 1 the bins around the distance. A
 * distance beyond the last bin counts as the last, one below zero as zero.
 *
 * Both come from one exponential: with zᵢ the logits less the largest of them, the softmax is exp(zᵢ) / Σ exp(zⱼ). Sums
 * over bins are products of matrices, which take a fraction of the time of sums over rows so short.
 *
 * @param logits `[…, bins]` @param distances `[…]`
 */
export function judgeDistances(logits: Tensor, distances: Tensor): JudgedDistances {
  const bins = logits.shape.at(-1)!;
  const numbers = Array.from({ length: bins }, (_, i) => i);
  // Softmax does not change with what is taken off all logits, so the largest is a constant on the way back.
  const shifted = reshape<Rank.R2>(
    sub(
      logits,
      asConstant(() => max(logits, -1, true)),
    ),
    [-1, bins],
  );
  const sums = matMul(
    exp(shifted),
    tensor2d(
      numbers.flatMap((i) => [1, i]),
      [bins, 2],
    ),
  );
  const [total, moment] = split(sums, 2, 1) as [Tensor, Tensor];

  const reached = reshape<Rank.R2>(clipByValue(distances, 0, bins - 1), [-1, 1]);
  const apart = matMul(
    concat([reached, onesLike(reached)], 1),
    tensor2d([numbers.map(() => 1), numbers.map((i) => -i)]),
  );
  // 1 - |y - i| is the weight of the two bins around y, and below zero for all others.
  const weights = relu(sub(1, abs(apart)));
  const loss = sub(log(total), sum(mul(weights, shifted), 1, true));
  return { expected: reshape(div(moment, total), distances.shape), loss: reshape(loss, distances.shape) };
}

/** The loss alone. @param logits `[…, bins]` @param distances `[…]` */
export function distributionFocalLoss(logits: Tensor, distances: Tensor): Tensor {
  return judgeDistances(logits, distances).loss;
}
