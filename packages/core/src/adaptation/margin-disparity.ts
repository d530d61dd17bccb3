import {
  add,
  argMax,
  cast,
  log,
  logSoftmax,
  mean,
  minimum,
  mul,
  neg,
  oneHot,
  softmax,
  sub,
  sum,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { asConstant } from '../network/stop-gradient.ts';

/**
 * MDD's margin is log(gamma): 2 as in its authors' code for Office-Home. At 4, as for Office-31, a class may be given up in the course of training.
 */
export const MDD_GAMMA = 2;

/** The class of the highest logit as 1 among 0: `[n, classes]`, a constant. */
export function predictedClasses(logits: Tensor2D): Tensor2D {
  return asConstant(() => cast(oneHot(argMax(logits, 1), logits.shape[1]) as Tensor2D, 'float32'));
}

/** What two heads say of one batch, `[n, classes]` each. */
export interface TwoOpinions {
  /** The classifier's logits; a constant. */
  readonly outputs: Tensor2D;
  /** The adversarial head's. */
  readonly adversary: Tensor2D;
}

/**
 * The margin disparity discrepancy (Zhang et al., 2019, arXiv 1904.05801): how far a second head agrees with the classifier on
 * labelled samples (minus gamma times the cross-entropy) while it disagrees on unlabelled ones (the logarithm of 1 less its probability of
 * the classifier's class, plus 1e-6, 1 at most). The second head maximises it and the features minimise it: a training loss
 * subtracts it, and features reach the second head through `reverseGradient`.
 */
export function marginDisparity(labelled: TwoOpinions, unlabelled: TwoOpinions, gamma = MDD_GAMMA): Scalar {
  const agreement = sum<Tensor1D>(mul(predictedClasses(labelled.outputs), logSoftmax(labelled.adversary)), 1);
  const shared = sum<Tensor1D>(mul(predictedClasses(unlabelled.outputs), softmax(unlabelled.adversary)), 1);
  const disagreement = log(minimum(add(sub(1, shared), 1e-6), 1));
  return add(mul(mean<Scalar>(agreement), gamma), mean<Scalar>(disagreement));
}

/** The mean cross-entropy of logits against rows of class weights, all of zeros for samples that do not count. */
export function maskedCrossEntropy(logits: Tensor2D, classes: Tensor2D): Scalar {
  return neg(mean<Scalar>(sum(mul(classes, logSoftmax(logits)), 1)));
}
