import type { RankedPrediction, Task } from '@headstart/core';
import { LinearHead } from '@headstart/core/network';
import { classesOutput, oneClass, oneClassLearning, type DecisionRule } from '@headstart/core/tasks';
import { parseText } from '../texts/parse-text.ts';
import { textPage } from '../texts/text-page.ts';
import { TextEncoder } from '../texts/text-encoder.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { viewText } from '../texts/view-text.ts';
import { MULTI_LABEL } from './multi-label-classification.ts';

/** What a text classifier says about one text. */
export type TextPrediction = RankedPrediction;

/** What all classification of texts starts from. */
export const TEXT_DEFAULTS = { source: 'minilm-l6', strategy: 'linear-probe', augmentation: 'none' } as const;

function classification(id: string, description: string, rule?: DecisionRule): Task<TextSample, TextPrediction> {
  return {
    ...oneClassLearning(rule),
    deciding: (given) => classification(id, description, given),
    id,
    modality: 'text',
    description,
    defaults: TEXT_DEFAULTS,
    augmentations: ['none'],
    encoder: ({ backbone, labels }) => new TextEncoder(backbone, oneClass(labels.length)),
    buildHead: (backbone, labels, random) => new LinearHead(backbone, labels, random, { spread: 'shared' }),
    page: (model) => textPage(model, { accepts: 'text', output: classesOutput('softmax', rule) }),
    parseInput: parseText,
    view: viewText,
  };
}

/**
 * Learns which of several classes a text belongs to; texts with several labels each are `multi-label-classification`'s,
 * pairs without labels `text-similarity`'s or `text-embedding`'s.
 */
export const textClassification: Task<TextSample, TextPrediction> = {
  ...classification('text-classification', 'Which of several classes a text belongs to, or which labels it has'),
  variant({ labels, samples }) {
    if (samples.some(({ sample }) => sample.labels !== undefined)) return MULTI_LABEL;
    if (labels.length > 0 || samples.length === 0 || samples.some(({ sample: { pair } }) => pair === undefined))
      return 'text-classification';
    return samples.some(({ sample: { score } }) => score !== undefined) ? 'text-similarity' : 'text-embedding';
  },
};

/** Learns how a text feels about what it speaks of: text classification of opinions. */
export const sentimentAnalysis: Task<TextSample, TextPrediction> = classification(
  'sentiment-analysis',
  'How a text feels about what it speaks of',
);
