import type { ClassificationEvidence } from './metric.ts';

/** Spacing of 32-bit floats at 1: the least probability that log loss takes at its word. */
const EPSILON = 2 ** -23;
const BINS = 15;

/**
 * For each sample, 1 where its class is among the k likeliest and 0 where not. A class as likely as the true one counts
 * before it when its index is lower, the order in which predictions are listed.
 */
export function hitsAmong({ probabilities, truth, labels }: ClassificationEvidence, k: number): Uint8Array {
  const classes = labels.length;
  const hits = new Uint8Array(truth.length);
  for (let i = 0; i < truth.length; i++) {
    const own = probabilities[i * classes + truth[i]!]!;
    let before = 0;
    for (let j = 0; j < classes; j++) {
      const other = probabilities[i * classes + j]!;
      if (other > own || (other === own && j < truth[i]!)) before++;
    }
    if (before < k) hits[i] = 1;
  }
  return hits;
}

/**
 * The log loss of each sample: -ln p(true class), in nats. Probabilities below 2^-23 count as 2^-23, so that
 * one certain mistake does not make the mean infinite (scikit-learn's rule for 32-bit probabilities).
 */
export function logLosses({ probabilities, truth, labels }: ClassificationEvidence): Float64Array {
  const losses = new Float64Array(truth.length);
  for (let i = 0; i < truth.length; i++)
    losses[i] = -Math.log(Math.max(EPSILON, probabilities[i * labels.length + truth[i]!]!));
  return losses;
}

/**
 * Expected calibration error (Guo et al., 2017, "On calibration of modern neural networks"): samples
 * are put into 15 bins of equal width by the probability of the predicted class; the result is the
 * mean over bins, weighted by their samples, of |accuracy - mean probability|. Bin m holds
 * probabilities in ((m-1)/15, m/15].
 */
export function expectedCalibrationError(
  { probabilities, truth, labels }: ClassificationEvidence,
  bins = BINS,
): number {
  const classes = labels.length;
  const gap = new Float64Array(bins);
  for (let i = 0; i < truth.length; i++) {
    let best = 0;
    for (let j = 1; j < classes; j++)
      if (probabilities[i * classes + j]! > probabilities[i * classes + best]!) best = j;
    const confidence = probabilities[i * classes + best]!;
    const bin = Math.min(bins, Math.max(1, Math.ceil(confidence * bins))) - 1;
    gap[bin]! += (best === truth[i]! ? 1 : 0) - confidence;
  }
  return truth.length === 0 ? 0 : gap.reduce((sum, value) => sum + Math.abs(value), 0) / truth.length;
}
