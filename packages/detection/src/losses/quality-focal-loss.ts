import { abs, add, exp, log1p, mul, relu, sigmoid, square, sub, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Quality focal loss of each element, in nats (Li et al., 2020, "Generalized focal loss", eq. 5 with β = 2):
 * `-(y - σ)² ((1 - y) log(1 - σ) + y log σ)`, σ the sigmoid of the logit and y in [0, 1] the quality that it
 * is to predict: the overlap of the predicted box with the object, 0 where there is none.
 */
export function qualityFocalLoss(logits: Tensor, qualities: Tensor): Tensor {
  return mul(square(sub(sigmoid(logits), qualities)), binaryCrossEntropy(logits, qualities));
}

/** `max(z, 0) - z y + log(1 + exp(-|z|))`: neither large nor small logits overflow. */
export function binaryCrossEntropy(logits: Tensor, targets: Tensor): Tensor {
  return add(sub(relu(logits), mul(logits, targets)), log1p(exp(mul(abs(logits), -1))));
}
