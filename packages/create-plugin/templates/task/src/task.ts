import { HeadstartError, type TargetData, type Task } from '@headstart/core';
import { inputName, inputText } from '@headstart/core/readers';
import { scoreEvaluator } from '@headstart/core/metrics';
import { LinearHead } from '@headstart/core/network';
import { mean, squaredDifference, type Scalar } from '@tensorflow/tfjs-core';
import { parsePoint } from './parse-point.ts';
import type { PointSample } from './point-sample.ts';

/** Learns a number per sample by least squares: a linear head with one output on the backbone's last feature. */
export const task: Task<PointSample, number> = {
  id: 'your-name',
  modality: 'point',
  description: 'A number for a point',
  defaults: { source: 'point-net', strategy: 'linear-probe', augmentation: 'none' },
  augmentations: ['none'],
  monitor: { metric: 'mse', mode: 'min' },
  check: checkScores,
  encoder: () => ({
    key: 'your-name@1',
    inputs: { point: { shape: [2], dtype: 'float32' } },
    targets: { score: { shape: [1], dtype: 'float32' } },
    encode: async ({ point }) => ({ point: Float32Array.from(point) }),
    target: (sample) => ({ score: Float32Array.of(scoreOf(sample)) }),
  }),
  buildHead: (backbone, _labels, random) => new LinearHead(backbone, 1, random),
  /** Mean squared difference; both `[batch, 1]`. */
  loss: ({ logits }, { score }) => mean<Scalar>(squaredDifference(logits!, score!)),
  evaluator: () => scoreEvaluator({ predicted: 'logits', truth: 'score' }),
  decode: async ({ logits }) => Array.from(await logits!.data<'float32'>()),
  parseInput: async (input, name = inputName(input)) => parsePoint(await inputText(input, name), name),
  describe: (prediction) => prediction.toFixed(3),
};

/** @throws HeadstartError `label-invalid` */
function scoreOf({ id, score }: PointSample): number {
  if (score !== undefined && Number.isFinite(score)) return score;
  throw new HeadstartError({
    code: 'label-invalid',
    message: score === undefined ? `${id} has no number to learn.` : `${id} is to be learned as ${score}.`,
    hint: 'Give every sample that is learned from or evaluated a finite number as its score.',
  });
}

/** @throws HeadstartError `target-empty`, `label-invalid` */
function checkScores({ id, samples }: TargetData<PointSample>): void {
  for (const { sample } of samples) scoreOf(sample);
  if (samples.length > 0) return;
  throw new HeadstartError({
    code: 'target-empty',
    message: `${id} has no sample.`,
    hint: 'Give samples with a number each.',
  });
}
