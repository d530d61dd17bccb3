import type { Task } from '@headstart/core';
import { LinearHead } from '@headstart/core/network';
import {
  classesOutput,
  multiLabelLearning,
  severalLabels,
  type DecisionRule,
  type MultiLabelPrediction,
} from '@headstart/core/tasks';
import { parseText } from '../texts/parse-text.ts';
import { textPage } from '../texts/text-page.ts';
import { TextEncoder } from '../texts/text-encoder.ts';
import type { TextSample } from '../texts/text-sample.ts';
import { viewText } from '../texts/view-text.ts';

export const MULTI_LABEL = 'multi-label-classification';

/** Learns which of several labels a text has: none, one or more, each for itself. */
export const multiLabelClassification = multiLabelTask();

function multiLabelTask(rule?: DecisionRule): Task<TextSample, MultiLabelPrediction> {
  return {
    ...multiLabelLearning(rule),
    deciding: multiLabelTask,
    id: MULTI_LABEL,
    modality: 'text',
    description: 'Which of several labels a text has: none, one or more',
    defaults: { source: 'minilm-l6', strategy: 'linear-probe', augmentation: 'none' },
    augmentations: ['none'],
    encoder: ({ backbone, labels }) => new TextEncoder(backbone, severalLabels(labels.length)),
    buildHead: (backbone, labels, random) => new LinearHead(backbone, labels, random, { spread: 'shared' }),
    page: (model) => textPage(model, { accepts: 'text', output: classesOutput('sigmoid', rule) }),
    parseInput: parseText,
    view: viewText,
  };
}
