import { lossTerm, type LossTerm } from '@headstart/core';
import {
  div,
  matMul,
  mean,
  mul,
  square,
  sub,
  sum,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** A loss term that keeps features from saying the same thing twice. @param weight what the penalty is multiplied by */
export const decorrelation = (weight: number): LossTerm =>
  lossTerm({
    name: 'decorrelation',
    needs: { embedding: true },
    value: ({ labelled: { embedding } }) => mul(squaredCovariances(embedding), weight),
  });

/**
 * DeCov: half the sum of squared covariances between different features over a batch (Cogswell et al., 2016, "Reducing
 * overfitting in deep networks by decorrelating representations", arXiv 1511.06068, equation 2).
 * @param features `[batch, width]`
 */
export function squaredCovariances(features: Tensor2D): Scalar {
  const centred = sub<Tensor2D>(features, mean(features, 0));
  const covariances = div(matMul(centred, centred, true, false), features.shape[0]);
  const variances = mean<Tensor1D>(square(centred), 0);
  return mul(sub<Scalar>(sum(square(covariances)), sum(square(variances))), 0.5);
}
