import { givenLabels } from '../../metrics/given-labels.ts';
import type { ClassPrediction, LabelProbability, LabelsPrediction, PageTensors } from './contract.ts';

/** How a classifier's numbers become probabilities; `output` of headstart.json. */
export interface ClassesOutput {
  readonly kind: 'classes';
  /** The logits: `[1, classes]`. */
  readonly tensors: readonly [string];
  /** `softmax`: one of the classes; `sigmoid`: each label for itself. */
  readonly activation: 'softmax' | 'sigmoid';
  /** With `sigmoid`: the probability from which each label is given, in the labels' order; one half where absent. */
  readonly thresholds?: readonly number[];
  /** With `softmax`: the probability of the likeliest class below which there is no answer. */
  readonly abstainBelow?: number;
}

const TOP = 5;

/** The classes by probability. */
export function decodeClasses(
  outputs: PageTensors,
  { tensors: [name], activation, thresholds, abstainBelow = 0 }: ClassesOutput,
  labels: readonly string[],
): ClassPrediction | LabelsPrediction {
  const logits = Array.from(outputs[name]!.data);
  const probabilities = activation === 'softmax' ? softmax(logits) : logits.map((z) => 1 / (1 + Math.exp(-z)));
  const given = new Set(givenLabels(probabilities, thresholds));
  const ranked = labels
    .map((label, i) => ({
      named: { label, probability: probabilities[i]! },
      given: given.has(i),
    }))
    .sort((a, b) => b.named.probability - a.named.probability);
  const top = ranked.slice(0, TOP).map(({ named }): LabelProbability => named);
  if (activation === 'sigmoid') return { labels: ranked.filter(({ given }) => given).map(({ named }) => named), top };
  return { ...top[0]!, ...(top[0]!.probability < abstainBelow && { abstained: true as const }), top };
}

function softmax(logits: readonly number[]): number[] {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((z) => Math.exp(z - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
