import {
  add,
  batchNorm,
  mul,
  ones,
  tidy,
  zeros,
  type Tensor,
  type Tensor1D,
  type Variable,
} from '@tensorflow/tfjs-core';
import { batchNormTrain } from '@headstart/core/network';
import type { Layer } from '../../vendor/tfjs-layers.ts';

interface BatchNormConfig {
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  readonly momentum: number;
}

/** Whether the layer is a batch norm over the last axis of `x`. */
export function isBatchNormalisation(layer: Layer, x: Tensor): boolean {
  if (layer.getClassName() !== 'BatchNormalization') return false;
  const { axis } = layer.getConfig() as unknown as BatchNormConfig;
  const [only = -1] = typeof axis === 'number' ? [axis] : axis;
  return only === -1 || only === x.rank - 1;
}

/**
 * A batch norm layer's output: by the moving averages, or, in training, by the batch's statistics, when the
 * averages move by `1 - momentum` towards the mean and the unbiased variance, as in Keras on TensorFlow's
 * fused kernel. The layer itself has a slow gradient, and none where it has no gamma.
 */
export function batchNormalisation(layer: Layer, x: Tensor, training: boolean): Tensor {
  const { epsilon, momentum } = layer.getConfig() as unknown as BatchNormConfig;
  const variable = (what: string): Variable | undefined => {
    const weight = layer.weights.find(({ originalName }) => originalName.endsWith(`/${what}`));
    return (weight as unknown as { val: Variable } | undefined)?.val;
  };
  return tidy(() => {
    const movingMean = variable('moving_mean')!;
    const movingVariance = variable('moving_variance')!;
    const gamma = variable('gamma') ?? ones(movingMean.shape);
    const beta = variable('beta') ?? zeros(movingMean.shape);
    if (!training)
      return batchNorm(
        x,
        movingMean as Tensor as Tensor1D,
        movingVariance as Tensor as Tensor1D,
        beta as Tensor1D,
        gamma as Tensor1D,
        epsilon,
      );
    const { y, batchMean, batchVariance } = batchNormTrain(x, gamma, beta, epsilon);
    const count = x.size / batchMean.size;
    const unbiased = count > 1 ? mul(batchVariance, count / (count - 1)) : batchVariance;
    for (const [average, batch] of [
      [movingMean, batchMean],
      [movingVariance, unbiased],
    ] as const) {
      average.assign(add(mul(average, momentum), mul(batch, 1 - momentum)));
    }
    return y;
  });
}
