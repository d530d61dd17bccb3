import type { Tensor } from '@tensorflow/tfjs-core';
import { givenLabels } from '../metrics/given-labels.ts';
import type { LabelProbability } from './ranked-prediction.ts';

/** What a classifier says about a sample that may have none or several labels. */
export interface MultiLabelPrediction {
  /** Those whose probability reaches their threshold, which is one half unless the model has others; the likeliest first. */
  readonly labels: readonly LabelProbability[];
  /** Up to five labels, the likeliest first. */
  readonly top: readonly LabelProbability[];
}

const TOP = 5;

/** The probability of a label by its logit: 1 / (1 + exp(-logit)). */
export function labelProbability(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/**
 * One prediction per row of logits, `[batch, labels]`.
 * @param thresholds the probability from which each label is given; one half where absent
 */
export async function decodeMultiLabel(
  logits: Tensor,
  labels: readonly string[],
  thresholds?: readonly number[],
): Promise<MultiLabelPrediction[]> {
  const values = await logits.data<'float32'>();
  return Array.from({ length: values.length / labels.length }, (_, row) =>
    predictionOf(
      values.subarray(row * labels.length, (row + 1) * labels.length).map(labelProbability),
      labels,
      thresholds,
    ),
  );
}

function predictionOf(
  probabilities: Float32Array,
  labels: readonly string[],
  thresholds?: readonly number[],
): MultiLabelPrediction {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const given = new Set(givenLabels(probabilities, thresholds));
  const named = (index: number) => ({ label: labels[index]!, probability: probabilities[index]! });
  return { labels: order.filter((index) => given.has(index)).map(named), top: order.slice(0, TOP).map(named) };
}

/** Such as `cat 93.1%, dog 61.0%`, or `none (fox 12.3%)`. */
export function describeMultiLabel({ labels, top }: MultiLabelPrediction): string {
  const percent = ({ label, probability }: LabelProbability) => `${label} ${(100 * probability).toFixed(1)}%`;
  return labels.length > 0 ? labels.map(percent).join(', ') : `none (${percent(top[0]!)})`;
}
