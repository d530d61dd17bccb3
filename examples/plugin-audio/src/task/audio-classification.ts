import { checkClasses, decodeRanked, describeRanked, type RankedPrediction, type Task } from '@headstart/core';
import { classificationEvaluator } from '@headstart/core/metrics';
import { LinearHead, softCrossEntropy } from '@headstart/core/network';
import type { AudioSample } from '../clips/audio-sample.ts';
import { readClip } from '../clips/read-clip.ts';
import { explainClip } from '../explain/explain-clip.ts';
import { AudioEncoder, LABEL } from './audio-encoder.ts';
import { AUGMENTATIONS } from './augment.ts';

/** Learns which of several keywords a recording says. */
export const audioClassification: Task<AudioSample, RankedPrediction> = {
  id: 'audio-classification',
  modality: 'audio',
  description: 'Which of several keywords a recording of about a second says',
  defaults: { source: 'ds-cnn-words', strategy: 'linear-probe', augmentation: 'none' },
  augmentations: AUGMENTATIONS,
  monitor: { metric: 'accuracy', mode: 'max' },
  check: checkClasses,
  encoder: (options) => new AudioEncoder(options),
  buildHead: (backbone, labels, random) => new LinearHead(backbone, labels, random),
  loss: (outputs, targets, { labelSmoothing }) => softCrossEntropy(outputs['logits']!, targets[LABEL]!, labelSmoothing),
  evaluator: (labels) => classificationEvaluator(labels, { logits: 'logits', truth: LABEL }),
  decode: (outputs, labels) => decodeRanked(outputs['logits']!, labels),
  parseInput: readClip,
  describe: describeRanked,
  explain: explainClip,
};
