import {
  add,
  clone,
  customGrad,
  div,
  engine,
  getBackend,
  getKernel,
  keep,
  mean,
  mul,
  rsqrt,
  square,
  sub,
  sum,
  tidy,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';

/**
 * Kernel that a backend may register to do the work of `batchNormTrain` in one call: inputs
 * `{ x, gamma, beta }`, attributes `{ epsilon }`, outputs `[y, batchMean, batchVariance, …]` with the
 * biased variance; what follows the third is its own. Its gradient is registered under the same name.
 */
export const FUSED_BATCH_NORM_TRAIN = 'HeadstartFusedBatchNormTrain';

export interface BatchNormTrainResult {
  /** Shape of `x`. */
  readonly y: Tensor;
  /** `[channels]`. No gradient flows through it. */
  readonly batchMean: Tensor1D;
  /** `[channels]`, divided by n, not n - 1. No gradient flows through it. */
  readonly batchVariance: Tensor1D;
}

/**
 * Batch normalisation by the batch's own statistics (Ioffe and Szegedy, 2015):
 * `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta`, mean and biased variance taken over
 * every axis but the last. Differentiable in `x`, `gamma` and `beta`.
 *
 * @param x `[…, channels]`
 * @param gamma `[channels]`
 * @param beta `[channels]`
 */
export function batchNormTrain(x: Tensor, gamma: Tensor, beta: Tensor, epsilon: number): BatchNormTrainResult {
  if (getKernel(FUSED_BATCH_NORM_TRAIN, getBackend())) {
    const [y, batchMean, batchVariance, ...own]: Tensor[] = engine().runKernel(
      FUSED_BATCH_NORM_TRAIN,
      { x, gamma, beta },
      { epsilon },
    );
    // What the gradient needs of them is saved by now.
    own.forEach((tensor) => tensor.dispose());
    return { y: y!, batchMean: batchMean as Tensor1D, batchVariance: batchVariance as Tensor1D };
  }
  return tidy(() => {
    // A custom gradient has one output: the statistics leave its scope by being kept.
    let statistics: readonly [Tensor, Tensor] | undefined;
    const normalise = customGrad((...args) => {
      const [x, gamma, beta, save] = args as [Tensor, Tensor, Tensor, (tensors: Tensor[]) => void];
      const axes = x.shape.slice(0, -1).map((_, i) => i);
      const batchMean = mean(x, axes);
      const batchVariance = mean(square(sub(x, batchMean)), axes);
      const inverse = rsqrt(add(batchVariance, epsilon));
      statistics = [keep(batchMean), keep(batchVariance)];
      save([x, gamma, batchMean, inverse]);
      const scale = mul(gamma, inverse);
      const value = add(mul(x, scale), sub(beta, mul(batchMean, scale)));
      return { value, gradFunc: (dy: Tensor, saved: Tensor[]) => batchNormGradient(dy, saved, axes) };
    });
    const y = normalise(x, gamma, beta);
    const [batchMean, batchVariance] = statistics!.map((tensor) => {
      const copy = clone(tensor);
      tensor.dispose();
      return copy as Tensor1D;
    });
    return { y, batchMean: batchMean!, batchVariance: batchVariance! };
  });
}

/** With xhat = (x - mean) * inverse and n values per channel: dx = gamma * inverse * (dy - (dbeta + xhat * dgamma) / n). */
function batchNormGradient(dy: Tensor, [x, gamma, batchMean, inverse]: Tensor[], axes: number[]): Tensor[] {
  const count = axes.reduce((product, axis) => product * x!.shape[axis]!, 1);
  const normalised = mul(sub(x!, batchMean!), inverse!);
  const dbeta = sum(dy, axes);
  const dgamma = sum(mul(dy, normalised), axes);
  const share = div(add(dbeta, mul(normalised, dgamma)), count);
  return [mul(sub(dy, share), mul(gamma!, inverse!)), dgamma, dbeta];
}
