import type { ClassificationEvidence } from './metric.ts';

/** Probabilities that underflowed count as this, whose logarithm is finite. */
export const LEAST_PROBABILITY = 2 ** -149;
/** Temperatures that are looked at: beyond them a model says nothing, or is sure of all. */
const [LOWEST, HIGHEST] = [1 / 20, 20];
/** The interval of ln T narrows by 0.618 a step: to a millionth of it. */
const STEPS = 32;

/** The evidence as if the logits had been divided by a temperature: each row p^(1/T), to sum 1. */
export function tempered(evidence: ClassificationEvidence, temperature: number): ClassificationEvidence {
  const { probabilities, labels } = evidence;
  const classes = labels.length;
  const result = new Float32Array(probabilities.length);
  for (let from = 0; from < probabilities.length; from += classes) {
    const row = probabilities.subarray(from, from + classes);
    const most = row.reduce((a, b) => Math.max(a, b), LEAST_PROBABILITY);
    let sum = 0;
    for (let j = 0; j < classes; j++)
      sum += result[from + j] = Math.exp(Math.log(Math.max(LEAST_PROBABILITY, row[j]!) / most) / temperature);
    for (let j = 0; j < classes; j++) result[from + j]! /= sum;
  }
  return { ...evidence, probabilities: result };
}

/**
 * The temperature that makes the evidence likeliest: the least mean of -ln p(true class), where p is the softmax of the
 * logits over it (Guo et al., 2017, "On calibration of modern neural networks"). Logits are known from the
 * probabilities up to a number per sample, which does not matter. By golden-section search over ln T: the mean has one
 * minimum. Undefined where it has none inside: where every sample's class is the likeliest, or answers are no better than guessed.
 */
export function fitTemperature({ probabilities, truth, labels }: ClassificationEvidence): number | undefined {
  const logits = Float64Array.from(probabilities, (probability) => Math.log(Math.max(LEAST_PROBABILITY, probability)));
  const nll = (lnT: number) => meanLoss(logits, truth, labels.length, Math.exp(-lnT));
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(LOWEST), Math.log(HIGHEST)];
  const [least, most] = [low, high];
  for (let step = 0; step < STEPS; step++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (nll(a) < nll(b)) high = b;
    else low = a;
  }
  const found = (low + high) / 2;
  const inside = found - least > 1e-3 && most - found > 1e-3;
  return inside ? Math.exp(found) : undefined;
}

/** @param scale what logits are multiplied by */
function meanLoss(logits: Float64Array, truth: Int32Array, classes: number, scale: number): number {
  let total = 0;
  for (let i = 0; i < truth.length; i++) {
    const own = logits[i * classes + truth[i]!]!;
    let sum = 0;
    for (let j = 0; j < classes; j++) sum += Math.exp(scale * (logits[i * classes + j]! - own));
    total += Math.log(sum);
  }
  return total / truth.length;
}
