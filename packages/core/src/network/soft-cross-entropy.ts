import { logSoftmax, type Scalar, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';

/** Mean of `softCrossEntropies`. */
export function softCrossEntropy(logits: Tensor, targets: Tensor, labelSmoothing = 0): Scalar {
  return softCrossEntropies(logits, targets, labelSmoothing).mean<Scalar>();
}

/**
 * Each sample's cross-entropy of softmax(logits) against soft targets, both `[batch, classes]`, in nats:
 * `-Σ t' · log softmax(z)` with `t' = (1 - s) t + s / classes`, s the label smoothing (Szegedy et al.,
 * 2016, "Rethinking the Inception architecture"). Computed from log-softmax, so that large logits
 * neither overflow nor give log 0.
 */
export function softCrossEntropies(logits: Tensor, targets: Tensor, labelSmoothing = 0): Tensor1D {
  const classes = logits.shape.at(-1)!;
  const smoothed = labelSmoothing > 0 ? targets.mul(1 - labelSmoothing).add(labelSmoothing / classes) : targets;
  return smoothed.mul(logSoftmax(logits)).sum<Tensor1D>(-1).neg();
}
