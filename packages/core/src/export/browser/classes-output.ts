import type { ClassPrediction, LabelProbability, LabelsPrediction, PageTensors } from './contract.ts';

/** How a classifier's numbers become probabilities; `output` of headstart.json. */
export interface ClassesOutput {
  readonly kind: 'classes';
  /** The logits: `[1, classes]`. */
  readonly tensors: readonly [string];
  /** `softmax`: one of the classes; `sigmoid`: each label for itself. */
  readonly activation: 'softmax' | 'sigmoid';
  /** With `sigmoid`: the probability from which a label is given. */
  readonly threshold?: number;
}

const TOP = 5;

/** The classes by probability. */
export function decodeClasses(
  outputs: PageTensors,
  { tensors: [name], activation, threshold = 0.5 }: ClassesOutput,
  labels: readonly string[],
): ClassPrediction | LabelsPrediction {
  const logits = Array.from(outputs[name]!.data);
  const probabilities = activation === 'softmax' ? softmax(logits) : logits.map((z) => 1 / (1 + Math.exp(-z)));
  const ranked = labels
    .map((label, i): LabelProbability => ({ label, probability: probabilities[i]! }))
    .sort((a, b) => b.probability - a.probability);
  const top = ranked.slice(0, TOP);
  if (activation === 'softmax') return { ...top[0]!, top };
  return { labels: ranked.filter(({ probability }) => probability >= threshold), top };
}

function softmax(logits: readonly number[]): number[] {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = logits.map((z) => Math.exp(z - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
