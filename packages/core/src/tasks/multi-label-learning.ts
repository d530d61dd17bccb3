import { HeadstartError } from '@headstart/artifacts/errors';
import { add, mean, mul, type Scalar, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import type { TargetData } from '../domains/target-domain.ts';
import { multiLabelEvaluator } from '../metrics/multi-label-evaluator.ts';
import { weighedByLabel } from '../network/class-weights.ts';
import type { Tensors } from '../network/tensors.ts';
import { binaryCrossEntropy } from '../network/binary-cross-entropy.ts';
import { unfitRule, type DecisionRule } from './decision-rule.ts';
import { decodeMultiLabel, describeMultiLabel, type MultiLabelPrediction } from './multi-label-prediction.ts';
import { keptLabels } from './kept-classes.ts';
import { likeliestLabel } from './merged-outputs.ts';
import { LABEL } from './sample-targets.ts';
import type { LabelLearning } from './label-learning.ts';
import type { CheckOptions, LossOptions } from './task.ts';

type Learning = Omit<LabelLearning<MultiLabelPrediction>, 'check'> & {
  check(target: TargetData, options?: CheckOptions): void;
};

/**
 * How it is learned which of several labels a sample has, none, one or more, each for itself: the part of such a task
 * that is the same for pictures and texts. The targets are those of `severalLabels`, the head's output is `logits`.
 * @throws HeadstartError `invalid-option` for a probability to abstain below
 */
export function multiLabelLearning({ thresholds, abstainBelow }: DecisionRule = {}): Learning {
  if (abstainBelow !== undefined)
    throw unfitRule('a probability to abstain below', 'each label has a threshold of its own');
  return {
    monitor: { metric: 'microF1', mode: 'max' },
    balancedMonitor: { metric: 'macroF1', mode: 'max' },
    weighsClasses: 'several',
    check: checkLabelLists,
    loss: (...given) => mean<Scalar>(sampleLosses(...given)),
    sampleLosses,
    mergeLogits: { outputs: ['logits'], merge: likeliestLabel },
    keepClasses: (retained, options) => keptLabels(retained, options, labelLosses),
    evaluator: (labels) => multiLabelEvaluator(labels, { logits: 'logits', truth: LABEL, thresholds }),
    decode: (outputs, labels) => decodeMultiLabel(outputs['logits']!, labels, thresholds),
    describe: describeMultiLabel,
  };
}

/**
 * Mean binary cross-entropy over samples and labels, in nats. Both `[batch, labels]`; label smoothing s moves t to
 * `(1 - s) t + s / 2`.
 */
export function multiLabelLoss(logits: Tensor, targets: Tensor, labelSmoothing = 0): Scalar {
  return mean(labelLosses(logits, targets, labelSmoothing));
}

function sampleLosses(
  { logits }: Tensors,
  { [LABEL]: truth }: Tensors,
  { labelSmoothing, classWeights }: LossOptions,
): Tensor1D {
  return mean<Tensor1D>(weighedByLabel(labelLosses(logits!, truth!, labelSmoothing), truth!, classWeights), -1);
}

/** Of each sample and label. */
function labelLosses(logits: Tensor, targets: Tensor, labelSmoothing: number): Tensor {
  const smoothed = labelSmoothing > 0 ? add(mul(targets, 1 - labelSmoothing), labelSmoothing / 2) : targets;
  return binaryCrossEntropy(logits, smoothed);
}

/** @throws HeadstartError `target-empty`, `target-too-small` */
function checkLabelLists({ id, labels, samples }: TargetData, { known }: CheckOptions = {}): void {
  if (samples.length === 0) {
    throw new HeadstartError({
      code: 'target-empty',
      message: `${id} has no sample.`,
      hint: 'Give samples with their labels.',
    });
  }
  const seen = new Set<number>();
  for (const { sample, split = 'train' } of samples) {
    if (split !== 'train') continue;
    for (const label of sample.labels ?? (sample.label === undefined ? [] : [sample.label])) seen.add(label);
  }
  const missing = labels.filter((_, index) => !seen.has(index) && !known?.has(index));
  if (labels.length > 0 && missing.length === 0) return;
  throw new HeadstartError({
    code: 'target-too-small',
    message:
      labels.length === 0
        ? `No sample of ${id} has a label.`
        : `No sample of ${id} that can be learned from has the label ${missing.map((label) => `"${label}"`).join(', ')}.`,
    hint: 'Add samples with the label or remove it everywhere; check the spelling of labels across splits.',
  });
}
