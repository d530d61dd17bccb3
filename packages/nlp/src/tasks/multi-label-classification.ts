import { HeadstartError, type LabelProbability, type TargetData, type Task } from '@headstart/core';
import { binaryCrossEntropy, LinearHead } from '@headstart/core/network';
import { multiLabelEvaluator } from '@headstart/core/metrics';
import { add, mean, mul, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { parseText } from '../texts/parse-text.ts';
import { classesOutput, textPage } from '../texts/text-page.ts';
import { TextEncoder } from '../texts/text-encoder.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { viewText } from '../texts/view-text.ts';
import { LABEL, severalLabels } from './class-targets.ts';
import { probabilityRows, THRESHOLD } from './label-probabilities.ts';

export const MULTI_LABEL = 'multi-label-classification';

/** What a classifier says about a text that may have none or several labels. */
export interface MultiLabelPrediction {
  /** Those of a probability of one half and more, the likeliest first. */
  readonly labels: readonly LabelProbability[];
  /** Up to five labels, the likeliest first. */
  readonly top: readonly LabelProbability[];
}

const TOP = 5;

/** Learns which of several labels a text has: none, one or more, each for itself. */
export const multiLabelClassification: Task<TextSample, MultiLabelPrediction> = {
  id: MULTI_LABEL,
  modality: 'text',
  description: 'Which of several labels a text has: none, one or more',
  defaults: { source: 'minilm-l6', strategy: 'linear-probe', augmentation: 'none' },
  augmentations: ['none'],
  monitor: { metric: 'microF1', mode: 'max' },
  check: checkLabels,
  encoder: ({ backbone, labels }) => new TextEncoder(backbone, severalLabels(labels.length)),
  buildHead: (backbone, labels, random) => new LinearHead(backbone, labels.length, random, { spread: 'shared' }),
  loss: (outputs, targets, { labelSmoothing }) => multiLabelLoss(outputs['logits']!, targets[LABEL]!, labelSmoothing),
  evaluator: (labels) => multiLabelEvaluator(labels, { logits: 'logits', truth: LABEL }),
  async decode(outputs, labels) {
    const rows = probabilityRows(await outputs['logits']!.data<'float32'>(), labels.length);
    return rows.map((probabilities) => prediction(probabilities, labels));
  },
  page: (model) => textPage(model, { accepts: 'text', output: classesOutput('sigmoid', THRESHOLD) }),
  parseInput: parseText,
  view: viewText,
  describe({ labels, top }) {
    const percent = ({ label, probability }: LabelProbability) => `${label} ${(100 * probability).toFixed(1)}%`;
    return labels.length > 0 ? labels.map(percent).join(', ') : `none (${percent(top[0]!)})`;
  },
};

/**
 * Mean binary cross-entropy over texts and labels, in nats. Both `[batch, labels]`; label smoothing s moves t to
 * `(1 - s) t + s / 2`.
 */
export function multiLabelLoss(logits: Tensor, targets: Tensor, labelSmoothing = 0): Scalar {
  const smoothed = labelSmoothing > 0 ? add(mul(targets, 1 - labelSmoothing), labelSmoothing / 2) : targets;
  return mean(binaryCrossEntropy(logits, smoothed));
}

function prediction(probabilities: Float32Array, labels: readonly string[]): MultiLabelPrediction {
  const order = Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]! || a - b);
  const ranked = order.map((index) => ({ label: labels[index]!, probability: probabilities[index]! }));
  return { labels: ranked.filter(({ probability }) => probability >= THRESHOLD), top: ranked.slice(0, TOP) };
}

/** @throws HeadstartError `target-empty`, `target-too-small` */
function checkLabels({ id, labels, samples }: TargetData<TextSample>): void {
  if (samples.length === 0) {
    throw new HeadstartError({
      code: 'target-empty',
      message: `${id} has no text.`,
      hint: 'Give texts with their labels.',
    });
  }
  const seen = new Set(
    samples.flatMap(({ sample, split = 'train' }) => (split === 'train' ? (sample.labels ?? []) : [])),
  );
  const missing = labels.filter((_, index) => !seen.has(index));
  if (labels.length > 0 && missing.length === 0) return;
  throw new HeadstartError({
    code: 'target-too-small',
    message:
      labels.length === 0
        ? `No text of ${id} has a label.`
        : `No text of ${id} that can be learned from has the label ${missing.map((label) => `"${label}"`).join(', ')}.`,
    hint: 'Add texts with the label or remove it everywhere; check the spelling of labels across splits.',
  });
}
