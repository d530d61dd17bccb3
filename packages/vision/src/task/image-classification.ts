import { classificationEvaluator, softmaxRows, type Task } from '@headstart/core';
import { resolve } from 'node:path';
import { createHash } from 'node:crypto';
import { AUGMENTATIONS, parsePolicy } from '../augment/policy.ts';
import { explainImage } from '../explain/explain-image.ts';
import type { ImageSample } from '../images/image-sample.ts';
import { inspectImage } from '../images/inspect-image.ts';
import { readImageFile } from '../images/load-bytes.ts';
import type { Colour } from '../images/pixels.ts';
import { checkClasses } from './check-classes.ts';
import { ImageEncoder, LABEL } from './image-encoder.ts';
import { ImageHead } from './image-head.ts';
import { describePrediction, rankPrediction, type ImagePrediction } from './prediction.ts';
import { softCrossEntropy } from './soft-cross-entropy.ts';

export interface ImageClassificationOptions {
  /** What shows through transparent pixels; white by default. */
  readonly ground?: Colour;
}

/** Learns which of several classes a picture belongs to. */
export function imageClassification({ ground = [255, 255, 255] }: ImageClassificationOptions = {}): Task<ImageSample, ImagePrediction> {
  return {
    id: 'image-classification',
    modality: 'image',
    description: 'Which of several classes a picture belongs to',
    defaults: { source: 'efficientnet-lite0', strategy: 'linear-probe', augmentation: 'none' },
    augmentations: AUGMENTATIONS,
    checkAugmentation: (policy) => void parsePolicy(policy),
    monitor: { metric: 'accuracy', mode: 'max' },
    check: checkClasses,
    encoder: (options) => new ImageEncoder(options, ground),
    buildHead: (backbone, labels, random) => new ImageHead(backbone, labels.length, random),
    loss: (outputs, targets, { labelSmoothing }) => softCrossEntropy(outputs['logits']!, targets[LABEL]!, labelSmoothing),
    evaluator: (labels) => classificationEvaluator(labels, { logits: 'logits', truth: LABEL }),
    async decode(outputs, labels) {
      const probabilities = softmaxRows(await outputs['logits']!.data<'float32'>(), labels.length);
      return Array.from({ length: probabilities.length / labels.length }, (_, row) =>
        rankPrediction(probabilities.subarray(row * labels.length, (row + 1) * labels.length), labels),
      );
    },
    async parseInput(input) {
      const bytes = await readImageFile(input);
      await inspectImage(bytes, input, { thorough: false });
      const digest = createHash('sha256').update(bytes).digest('hex');
      return { id: input, digest, image: { kind: 'file', path: resolve(input) } };
    },
    describe: describePrediction,
    explain: (request) => explainImage(request, ground),
  };
}
