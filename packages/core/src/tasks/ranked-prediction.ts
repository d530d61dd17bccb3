import type { Tensor } from '@tensorflow/tfjs-core';
import { softmaxRows } from '../metrics/softmax-rows.ts';

/** A class and how sure the model is of it, 0 to 1. */
export interface LabelProbability {
  readonly label: string;
  readonly probability: number;
}

/** What a classifier says about one sample; `top` has up to five classes, the likeliest first. */
export interface RankedPrediction extends LabelProbability {
  readonly top: readonly LabelProbability[];
}

const TOP = 5;

/** One prediction a row of logits, `[batch, classes]`. */
export async function decodeRanked(logits: Tensor, labels: readonly string[]): Promise<RankedPrediction[]> {
  const probabilities = softmaxRows(await logits.data<'float32'>(), labels.length);
  return Array.from({ length: probabilities.length / labels.length }, (_, row) =>
    rankPrediction(probabilities.subarray(row * labels.length, (row + 1) * labels.length), labels),
  );
}

/** Reads one row of probabilities. Of equal ones the class with the lower index comes first. */
function rankPrediction(probabilities: Float32Array, labels: readonly string[]): RankedPrediction {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const top = order.slice(0, TOP).map((index) => ({ label: labels[index]!, probability: probabilities[index]! }));
  return { ...top[0]!, top };
}

/** Such as `cat 93.1% (dog 4.0%, fox 2.2%)`. */
export function describeRanked({ top }: RankedPrediction): string {
  const [first, ...others] = top.map(({ label, probability }) => `${label} ${(100 * probability).toFixed(1)}%`);
  return others.length > 0 ? `${first} (${others.slice(0, 2).join(', ')})` : first!;
}
