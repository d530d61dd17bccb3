import { mul, softplus, sub, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Binary cross-entropy of each element, in nats: `-(t log σ(z) + (1 - t) log(1 - σ(z)))` with σ the sigmoid, computed
 * as `softplus(z) - z t`, where neither large nor small logits overflow.
 *
 * @param logits z @param targets t in [0, 1], of the same shape
 */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  return sub(softplus(logits), mul(logits, targets));
}
