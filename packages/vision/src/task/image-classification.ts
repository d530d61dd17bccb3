import { checkClasses, decodeRanked, describeRanked, type RankedPrediction, type Task } from '@headstart/core';
import { classificationEvaluator } from '@headstart/core/metrics';
import { LinearHead, softCrossEntropy } from '@headstart/core/network';
import { readImageInput, type Colour } from '@headstart/core/images';
import { AUGMENTATIONS, parsePolicy } from '../augment/policy.ts';
import { explainImage } from '../explain/explain-image.ts';
import type { ImageSample } from '../images/image-sample.ts';
import { ImageEncoder, LABEL } from './image-encoder.ts';
import { imagePage } from './image-page.ts';

export interface ImageClassificationOptions {
  /** What shows through transparent pixels; white by default. */
  readonly background?: Colour;
}

/** What an image classifier says about one picture. */
export type ImagePrediction = RankedPrediction;

/** Learns which of several classes a picture belongs to. */
export function imageClassification({
  background = [255, 255, 255],
}: ImageClassificationOptions = {}): Task<ImageSample, ImagePrediction> {
  return {
    id: 'image-classification',
    modality: 'image',
    description: 'Which of several classes a picture belongs to',
    defaults: { source: 'efficientnet-lite0', strategy: 'linear-probe', augmentation: 'none' },
    augmentations: AUGMENTATIONS,
    checkAugmentation: (policy) => void parsePolicy(policy),
    monitor: { metric: 'accuracy', mode: 'max' },
    check: checkClasses,
    encoder: (options) => new ImageEncoder(options, background),
    buildHead: (backbone, labels, random) => new LinearHead(backbone, labels.length, random),
    loss: (outputs, targets, { labelSmoothing }) =>
      softCrossEntropy(outputs['logits']!, targets[LABEL]!, labelSmoothing),
    evaluator: (labels) => classificationEvaluator(labels, { logits: 'logits', truth: LABEL }),
    decode: (outputs, labels) => decodeRanked(outputs['logits']!, labels),
    parseInput: async (input, name) => (await readImageInput(input, name)).sample,
    view: ({ image }) => ({ picture: { image } }),
    describe: describeRanked,
    page: async ({ backbone, encoder }) => imagePage(backbone, encoder, background),
    explain: (request) => explainImage(request, background),
  };
}
