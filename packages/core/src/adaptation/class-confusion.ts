import {
  add,
  div,
  exp,
  eye,
  matMul,
  mul,
  neg,
  reshape,
  softmax,
  sub,
  sum,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { asConstant } from '../network/stop-gradient.ts';
import { rowEntropies } from './certainty.ts';

/** MCC's temperature in its authors' and TLlib's code. */
export const MCC_TEMPERATURE = 2.5;

/**
 * Minimum class confusion (Jin et al., 2020, arXiv 1912.03699): of P = softmax(logits / temperature), samples weighed by how certain they are
 * (n (1 + exp(-H)) over its sum, a constant), the share of `(P w)ᵀ P`, its rows scaled to sum 1, that lies beside the diagonal, per class.
 *
 * @param logits `[n, classes]`
 */
export function classConfusionLoss(logits: Tensor2D, temperature = MCC_TEMPERATURE): Scalar {
  const [n, classes] = logits.shape;
  const probabilities = softmax(div<Tensor2D>(logits, temperature));
  const weights = asConstant(() => {
    const certainty = add(1, exp(neg(rowEntropies(probabilities))));
    return reshape(div(mul(certainty, n), sum(certainty)), [n, 1]);
  });
  const confusion = matMul(mul<Tensor2D>(probabilities, weights), probabilities, true);
  const shares = div(confusion, sum(confusion, 1, true));
  return div(sub(sum<Scalar>(shares), sum<Scalar>(mul(shares, eye(classes)))), classes);
}
