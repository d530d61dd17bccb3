import type { RankedPrediction, Task } from '@headstart/core';
import { softmaxRows } from '@headstart/core/metrics';
import { classesOutput, oneClass, oneClassLearning, type DecisionRule } from '@headstart/core/tasks';
import { explainImage } from '../explain/explain-image.ts';
import type { ImageSample } from '../images/image-sample.ts';
import { ImageEncoder } from './image-encoder.ts';
import { imagePage } from './image-page.ts';
import { IMAGE_MULTI_LABEL } from './multi-label-image-classification.ts';
import { pictureTask, WHITE, type ImageClassificationOptions } from './picture-task.ts';

/** What an image classifier says about one picture. */
export type ImagePrediction = RankedPrediction;

/**
 * Learns which of several classes a picture belongs to; pictures with several labels each are
 * `multi-label-image-classification`'s.
 */
export function imageClassification(
  { background = WHITE }: ImageClassificationOptions = {},
  rule?: DecisionRule,
): Task<ImageSample, ImagePrediction> {
  return {
    ...pictureTask,
    ...oneClassLearning(rule),
    deciding: (given) => imageClassification({ background }, given),
    id: 'image-classification',
    description: 'Which of several classes a picture belongs to, or which labels it has',
    variant: ({ samples }) =>
      samples.some(({ sample }) => sample.labels !== undefined) ? IMAGE_MULTI_LABEL : 'image-classification',
    encoder: (options) => new ImageEncoder(options, { targets: oneClass(options.labels.length), background }),
    page: async (model) => imagePage(model, background, classesOutput('softmax', rule)),
    explain: (request) =>
      explainImage(request, background, (logits, label) => softmaxRows(logits, logits.length)[label]!),
  };
}
