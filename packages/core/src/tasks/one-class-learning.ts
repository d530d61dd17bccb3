import { mean, type Scalar, type Tensor1D } from '@tensorflow/tfjs-core';
import { classificationEvaluator } from '../metrics/classification-evaluator.ts';
import { weighedByClass } from '../network/class-weights.ts';
import { softCrossEntropies } from '../network/soft-cross-entropy.ts';
import type { Tensors } from '../network/tensors.ts';
import { checkClasses } from './check-classes.ts';
import { unfitRule, type DecisionRule } from './decision-rule.ts';
import { keptClasses } from './kept-classes.ts';
import { summedProbabilities } from './merged-outputs.ts';
import { decodeRanked, describeRanked, type RankedPrediction } from './ranked-prediction.ts';
import { LABEL } from './sample-targets.ts';
import type { LabelLearning } from './label-learning.ts';
import type { LossOptions } from './task.ts';

/**
 * How it is learned which of several classes a sample belongs to: the part of such a task that is the same for pictures and
 * texts. The targets are those of `oneClass`, the head's output is `logits`.
 * @throws HeadstartError `invalid-option` for thresholds
 */
export function oneClassLearning({ abstainBelow, thresholds }: DecisionRule = {}): LabelLearning<RankedPrediction> {
  if (thresholds) throw unfitRule('thresholds of labels', 'one class is picked, the likeliest');
  return {
    monitor: { metric: 'accuracy', mode: 'max' },
    balancedMonitor: { metric: 'balancedAccuracy', mode: 'max' },
    weighsClasses: 'one',
    check: checkClasses,
    loss: (...given) => mean<Scalar>(sampleLosses(...given)),
    sampleLosses,
    keepClasses: keptClasses,
    mergeLogits: { outputs: ['logits'], merge: summedProbabilities },
    evaluator: (labels) => classificationEvaluator(labels, { logits: 'logits', truth: LABEL, abstainBelow }),
    decode: (outputs, labels) => decodeRanked(outputs['logits']!, labels, abstainBelow),
    describe: describeRanked,
  };
}

function sampleLosses(
  { logits }: Tensors,
  { [LABEL]: truth }: Tensors,
  { labelSmoothing, classWeights }: LossOptions,
): Tensor1D {
  return weighedByClass(softCrossEntropies(logits!, truth!, labelSmoothing), truth!, classWeights);
}
