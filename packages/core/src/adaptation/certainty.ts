import {
  add,
  div,
  log,
  logSoftmax,
  matMul,
  mean,
  mul,
  neg,
  softmax,
  sqrt,
  square,
  sub,
  sum,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { asConstant } from '../network/stop-gradient.ts';

/** Added to probabilities before their logarithm is taken, as the authors of CDAN, MCC and SHOT do. */
const LOG_OFFSET = 1e-5;

/** Rounds after which every singular value of more than 1e-5 of the matrix's norm has come to 1. */
const POLAR_ROUNDS = 34;

/** The entropy of each row of probabilities, `-Σ p log(p + 1e-5)` in nats: `[n, classes]` to `[n]`. */
export function rowEntropies(probabilities: Tensor2D): Tensor1D {
  return neg(sum<Tensor1D>(mul(probabilities, log(add(probabilities, LOG_OFFSET))), -1));
}

/** The mean entropy of softmax(logits) in nats (Grandvalet and Bengio, 2005; TENT, Wang et al., 2021, arXiv 2006.10726). */
export function entropyLoss(logits: Tensor2D): Scalar {
  return neg(mean<Scalar>(sum(mul(softmax(logits), logSoftmax(logits)), -1)));
}

/**
 * SHOT's information maximisation (Liang et al., 2020, arXiv 2002.08546): the mean entropy of the rows of softmax(logits), less
 * the entropy of their mean: each sample is to be of one class, and all together of all classes.
 *
 * @param logits `[n, classes]`
 */
export function informationMaximisationLoss(logits: Tensor2D): Scalar {
  const probabilities = softmax(logits);
  const whole = mean<Tensor2D>(probabilities, 0, true);
  return sub(mean<Scalar>(rowEntropies(probabilities)), mean<Scalar>(rowEntropies(whole)));
}

/**
 * Batch nuclear-norm maximisation (Cui et al., 2020, arXiv 2003.12237): minus the nuclear norm of softmax(logits), over n. The norm's
 * gradient is the matrix's polar factor, which Newton and Schulz's iteration gives without a singular value decomposition.
 *
 * @param logits `[n, classes]`
 */
export function nuclearNormLoss(logits: Tensor2D): Scalar {
  const probabilities = softmax(logits);
  const polar = asConstant(() => polarFactor(probabilities));
  return neg(div(sum<Scalar>(mul(probabilities, polar)), logits.shape[0]));
}

/** `U Vᵀ` of a matrix `U S Vᵀ`, by `X ← 1.5 X - 0.5 X Xᵀ X` from the matrix over its Frobenius norm (Björck and Bowie, 1971). */
function polarFactor(matrix: Tensor2D): Tensor2D {
  let x = div<Tensor2D>(matrix, sqrt(sum(square(matrix))));
  const wide = matrix.shape[1] > matrix.shape[0];
  for (let round = 0; round < POLAR_ROUNDS; round += 1) {
    const cubed = wide ? matMul(matMul(x, x, false, true), x) : matMul(x, matMul(x, x, true));
    x = sub(mul(x, 1.5), mul(cubed, 0.5));
  }
  return x;
}
