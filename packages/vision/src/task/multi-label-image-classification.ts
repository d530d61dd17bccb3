import type { Task } from '@headstart/core';
import {
  classesOutput,
  LABEL_THRESHOLD,
  labelProbability,
  multiLabelLearning,
  severalLabels,
  type MultiLabelPrediction,
} from '@headstart/core/tasks';
import { explainImage } from '../explain/explain-image.ts';
import type { ImageSample } from '../images/image-sample.ts';
import { ImageEncoder } from './image-encoder.ts';
import { imagePage } from './image-page.ts';
import { pictureTask, WHITE, type ImageClassificationOptions } from './picture-task.ts';

export const IMAGE_MULTI_LABEL = 'multi-label-image-classification';

/** Learns which of several labels a picture has: none, one or more, each for itself. */
export function multiLabelImageClassification({
  background = WHITE,
}: ImageClassificationOptions = {}): Task<ImageSample, MultiLabelPrediction> {
  return {
    ...pictureTask,
    ...multiLabelLearning,
    id: IMAGE_MULTI_LABEL,
    description: 'Which of several labels a picture has: none, one or more',
    encoder: (options) => new ImageEncoder(options, { targets: severalLabels(options.labels.length), background }),
    page: async (model) => imagePage(model, background, classesOutput('sigmoid', LABEL_THRESHOLD)),
    explain: (request) => explainImage(request, background, (logits, label) => labelProbability(logits[label]!)),
  };
}
