import { dispose } from '@tensorflow/tfjs-core';
import { encodeInputs, inputTensors } from '../data/encode-batch.ts';
import type { Encoder } from '../data/encoder.ts';
import type { WordWeight } from '../inspection/mistakes/weighed-text.ts';
import type { LabelProbability } from '../tasks/ranked-prediction.ts';
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
  readonly forward: ShapedInference;
}

/**
 * How much each word of a text speaks for a label, by occlusion: the label's probability less that of the text without the word
 * (Li et al., 2016, "Understanding neural networks through representation erasure"). Undefined for a text of one word, or
 * of more than 120.
 */
export async function wordWeights(model: TextModel, text: string, label: string): Promise<WordWeight[] | undefined> {
  const words = text.match(/\s*\S+/gu) ?? [];
  if (words.length < 2 || words.length > MOST_WORDS) return undefined;
  const without = words.map((_, i) =>
    words
      .filter((_word, j) => j !== i)
      .join('')
      .trim(),
  );
  const [whole, ...others] = await probabilitiesOf(model, [text, ...without], label);
  return words.map((word, i) => ({ word, weight: whole! - others[i]! }));
}

async function probabilitiesOf(
  { task, labels, encoder, forward }: TextModel,
  texts: readonly string[],
  label: string,
): Promise<number[]> {
  const found: number[] = [];
  for (let from = 0; from < texts.length; from += EVALUATION_BATCH) {
    const batch = texts.slice(from, from + EVALUATION_BATCH);
    const samples = await Promise.all(batch.map((text) => task.parseInput(text, 'a text without a word')));
    const outputs = await forward.run(inputTensors(encoder.inputs, await encodeInputs(encoder, samples)));
    const predictions = await task.decode(outputs, labels, { samples, encoder }).finally(() => dispose(outputs));
    for (const prediction of predictions as { readonly top: readonly LabelProbability[] }[])
      found.push(prediction.top.find((each) => each.label === label)?.probability ?? 0);
  }
  return found;
}
