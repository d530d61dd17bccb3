import { dispose } from '@tensorflow/tfjs-core';
import { encodeInputs, inputTensors, targetBatch, toTensors } from '../data/encode-batch.ts';
import type { Encoder } from '../data/encoder.ts';
import type { Sample } from '../domains/target-domain.ts';
import type { WordWeight } from '../inspection/mistakes/weighed-text.ts';
import type { Task } from '../tasks/task.ts';
import { EVALUATION_BATCH } from '../training/evaluate.ts';
import type { ShapedInference } from './shaped-inference.ts';

/** Texts of more words are not weighed: each word is a prediction. */
const MOST_WORDS = 120;

/** A model that predicts texts. */
export interface TextModel {
  readonly task: Task;
  readonly labels: readonly string[];
  readonly encoder: Encoder;
  readonly forward: Pick<ShapedInference, 'run'>;
}

/** A sample that a model judged, its text, and the label that is asked about. */
export interface WeighedSample {
  readonly sample: Sample;
  readonly text: string;
  readonly label: string;
}

/**
 * How much each word of a text speaks for a label, by occlusion: the label's probability less that of the text without the word
 * (Li et al., 2016, "Understanding neural networks through representation erasure"). Undefined for a text of one word, or
 * of more than 120.
 */
export async function wordWeights(model: TextModel, asked: WeighedSample): Promise<WordWeight[] | undefined> {
  const { text } = asked;
  const words = text.match(/\s*\S+/gu) ?? [];
  if (words.length < 2 || words.length > MOST_WORDS) return undefined;
  const without = words.map((_, i) =>
    words
      .filter((_word, j) => j !== i)
      .join('')
      .trim(),
  );
  const [whole, ...others] = await probabilitiesOf(model, [text, ...without], asked);
  return words.map((word, i) => ({ word, weight: whole! - others[i]! }));
}

/** By what the task's evaluator gathers: predictions name the likeliest classes alone. */
async function probabilitiesOf(
  { task, labels, encoder, forward }: TextModel,
  texts: readonly string[],
  { sample, label }: WeighedSample,
): Promise<number[]> {
  const evaluator = task.evaluator(labels);
  for (let from = 0; from < texts.length; from += EVALUATION_BATCH) {
    const batch = texts.slice(from, from + EVALUATION_BATCH);
    const samples = await Promise.all(batch.map((text) => task.parseInput(text, 'a text without a word')));
    const outputs = await forward.run(inputTensors(encoder.inputs, await encodeInputs(encoder, samples)));
    const truth = targetBatch(
      encoder,
      batch.map(() => sample),
      batch.map(() => ({ kind: 'plain' })),
    );
    const targets = toTensors(encoder.targets, truth, batch.length);
    await evaluator.add(outputs, targets).finally(() => dispose([outputs, targets]));
  }
  const { kind, evidence } = evaluator.evidence!();
  if (kind !== 'classification' && kind !== 'multi-label') return texts.map(() => 0);
  const at = labels.indexOf(label);
  return texts.map((_, i) => evidence.probabilities[i * labels.length + at]!);
}
