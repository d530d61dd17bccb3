import type { Task } from '@headstart/core';
import {
  classesOutput,
  labelProbability,
  multiLabelLearning,
  severalLabels,
  type DecisionRule,
  type MultiLabelPrediction,
} from '@headstart/core/tasks';
import { explainImage } from '../explain/explain-image.ts';
import type { ImageSample } from '../images/image-sample.ts';
import { ImageEncoder } from './image-encoder.ts';
import { imagePage } from './image-page.ts';
import { pictureTask, WHITE, type ImageClassificationOptions } from './picture-task.ts';

export const IMAGE_MULTI_LABEL = 'multi-label-image-classification';

/** Learns which of several labels a picture has: none, one or more, each for itself. */
export function multiLabelImageClassification(
  { background = WHITE }: ImageClassificationOptions = {},
  rule?: DecisionRule,
): Task<ImageSample, MultiLabelPrediction> {
  return {
    ...pictureTask,
    ...multiLabelLearning(rule),
    deciding: (given) => multiLabelImageClassification({ background }, given),
    id: IMAGE_MULTI_LABEL,
    description: 'Which of several labels a picture has: none, one or more',
    encoder: (options) => new ImageEncoder(options, { targets: severalLabels(options.labels.length), background }),
    page: async (model) => imagePage(model, background, classesOutput('sigmoid', rule)),
    explain: (request) => explainImage(request, background, (logits, label) => labelProbability(logits[label]!)),
  };
}
