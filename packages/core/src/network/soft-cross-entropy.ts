import { logSoftmax, type Scalar, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Mean cross-entropy of softmax(logits) against soft targets, both `[batch, classes]`, in nats:
 * `-Σ t' · log softmax(z)` with `t' = (1 - s) t + s / classes`, s the label smoothing (Szegedy et al.,
 * 2016, "Rethinking the Inception architecture"). Computed from log-softmax, so that large logits
 * neither overflow nor give log 0.
 */
export function softCrossEntropy(logits: Tensor, targets: Tensor, labelSmoothing = 0): Scalar {
  const classes = logits.shape.at(-1)!;
  const smoothed = labelSmoothing > 0 ? targets.mul(1 - labelSmoothing).add(labelSmoothing / classes) : targets;
  return smoothed.mul(logSoftmax(logits)).sum(-1).mean<Scalar>().neg();
}
