import {
  add,
  concat,
  div,
  exp,
  expandDims,
  mean,
  mul,
  neg,
  reshape,
  softplus,
  sub,
  sum,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { rowEntropies } from './certainty.ts';

/**
 * How much of the reversed gradient flows back as training goes on: `2 / (1 + exp(-10 p)) - 1` of the share p of training that
 * is done (Ganin et al., 2016, arXiv 1505.07818): 0 at first, while the discriminator knows nothing, then soon 1.
 */
export function reversalScale(progress: Scalar): Scalar {
  return sub(div<Scalar>(2, add(1, exp(mul(progress, -10)))), 1);
}

/** Each row's binary cross-entropy of a logit, `[n, 1]` or `[n]`, against one truth for all: `[n]`. */
function crossEntropies(logits: Tensor, truth: 0 | 1): Tensor1D {
  return reshape(softplus(truth === 1 ? neg(logits) : logits), [logits.size]);
}

/**
 * What a discriminator learns: half the mean binary cross-entropy of the labelled rows against 1, and half that of the unlabelled
 * ones against 0 (DANN, Ganin et al., 2016, arXiv 1505.07818). Features that are to be confused reach it through `reverseGradient`.
 *
 * @param labelled the discriminator's logits, `[n, 1]`
 * @param unlabelled `[m, 1]`
 */
export function domainLoss(labelled: Tensor, unlabelled: Tensor): Scalar {
  return mul(add(mean<Scalar>(crossEntropies(labelled, 1)), mean<Scalar>(crossEntropies(unlabelled, 0))), 0.5);
}

/**
 * The same as the mean over all rows of both domains, each with a weight (CDAN, Long et al., 2018, arXiv 1705.10667).
 * @param weights `[n]` and `[m]`, of mean 1
 */
export function weighedDomainLoss(
  labelled: Tensor,
  unlabelled: Tensor,
  weights?: { readonly labelled: Tensor1D; readonly unlabelled: Tensor1D },
): Scalar {
  const losses = concat([crossEntropies(labelled, 1), crossEntropies(unlabelled, 0)]);
  return mean(weights ? mul(losses, concat([weights.labelled, weights.unlabelled])) : losses);
}

/**
 * What the discriminator of CDAN sees: each class's probability times each feature, `p_k f_j` at `k · width + j`. The probabilities
 * are to be constants (`stopGradient`): the features alone are trained to confuse.
 *
 * @param features `[n, width]`
 * @param probabilities `[n, classes]`
 * @returns `[n, classes · width]`
 */
export function multilinearMap(features: Tensor2D, probabilities: Tensor2D): Tensor2D {
  const [n, width] = features.shape;
  return reshape(mul(expandDims(probabilities, 2), expandDims(features, 1)), [n, probabilities.shape[1] * width]);
}

/**
 * The weights of CDAN+E: `1 + exp(-H)` of each row of probabilities, so that samples count the more the surer their class is.
 * @param over which rows have a mean weight of 1: those of `both` domains together, as TLlib has it, or of `each` by itself, as
 * the authors' code has it
 */
export function certaintyWeights(
  labelled: Tensor2D,
  unlabelled: Tensor2D,
  over: 'both' | 'each' = 'both',
): { labelled: Tensor1D; unlabelled: Tensor1D } {
  const own = certainty(labelled);
  const others = certainty(unlabelled);
  const [n, m] = [own.size, others.size];
  const ownMean = over === 'each' ? mean(own) : div(add(sum(own), sum(others)), n + m);
  const othersMean = over === 'each' ? mean(others) : ownMean;
  return { labelled: div(own, ownMean), unlabelled: div(others, othersMean) };
}

function certainty(probabilities: Tensor2D): Tensor1D {
  return add(1, exp(neg(rowEntropies(probabilities))));
}
