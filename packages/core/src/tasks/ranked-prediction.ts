import type { Tensor } from '@tensorflow/tfjs-core';
import { softmaxRows } from '../metrics/softmax-rows.ts';

/** A class and how sure the model is of it, 0 to 1. */
export interface LabelProbability {
  readonly label: string;
  readonly probability: number;
}

/** What a classifier says about one sample; `top` has up to five classes, the likeliest first. */
export interface RankedPrediction extends LabelProbability {
  /** Set where the model is not sure enough to answer, by the rule that it was given: `label` is its likeliest guess then. */
  readonly abstained?: true;
  readonly top: readonly LabelProbability[];
}

const TOP = 5;

/**
 * One prediction a row of logits, `[batch, classes]`.
 * @param abstainBelow the probability of the likeliest class below which there is no answer
 */
export async function decodeRanked(
  logits: Tensor,
  labels: readonly string[],
  abstainBelow = 0,
): Promise<RankedPrediction[]> {
  const probabilities = softmaxRows(await logits.data<'float32'>(), labels.length);
  return Array.from({ length: probabilities.length / labels.length }, (_, row) =>
    rankPrediction(probabilities.subarray(row * labels.length, (row + 1) * labels.length), labels, abstainBelow),
  );
}

/** Reads one row of probabilities. Of equal ones the class with the lower index comes first. */
function rankPrediction(
  probabilities: Float32Array,
  labels: readonly string[],
  abstainBelow: number,
): RankedPrediction {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const top = order.slice(0, TOP).map((index) => ({ label: labels[index]!, probability: probabilities[index]! }));
  return { ...top[0]!, ...(top[0]!.probability < abstainBelow && { abstained: true as const }), top };
}

/** Such as `cat 93.1% (dog 4.0%, fox 2.2%)`, or `no answer (cat 41.0%, dog 30.2%)`. */
export function describeRanked({ top, abstained }: RankedPrediction): string {
  const [first, ...others] = top.map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)}%`);
  if (abstained) return `no answer (${[first!, ...others.slice(0, 1)].join(', ')})`;
  return others.length > 0 ? `${first} (${others.slice(0, 2).join(', ')})` : first!;
}
