import { mul, type Tensor1D } from '@tensorflow/tfjs-core';
import type { Dataset, Sample } from '../domains/target-domain.ts';
import type { Tensors } from '../network/tensors.ts';
import type { Encoder } from './encoder.ts';
import { wrapEncoder } from './wrap-encoder.ts';

/** The name of the target that holds what a sample counts in the loss, float32 `[batch]`. */
export const SAMPLE_WEIGHT = 'sample weight';

/** What samples cost, `[batch]`, each multiplied by what it counts, where the targets say so. */
export function weighedBySample(costs: Tensor1D, targets: Tensors): Tensor1D {
  const weights = targets[SAMPLE_WEIGHT];
  return weights ? mul(costs, weights) : costs;
}

/** Whether any of the samples counts more or less than another. */
export function haveWeights(samples: Dataset<Sample>): boolean {
  for (let i = 0; i < samples.length; i++) if (samples.get(i).weight !== undefined) return true;
  return false;
}

/** The mean of what samples count: 1 where none says. */
export function meanWeight(samples: Dataset<Sample>): number {
  let total = 0;
  for (let i = 0; i < samples.length; i++) total += samples.get(i).weight ?? 1;
  return total / samples.length;
}

/**
 * The encoder with what each sample counts as one more target, where the training samples say so. They count 1 on
 * average: only how they compare matters, whatever scale they are on.
 */
export function withSampleWeights<S extends Sample>(encoder: Encoder<S>, train: Dataset<S>): Encoder<S> {
  if (!haveWeights(train)) return encoder;
  const mean = meanWeight(train);
  return wrapEncoder(encoder, {
    targets: { ...encoder.targets, [SAMPLE_WEIGHT]: { shape: [], dtype: 'float32' } },
    target: (sample, view) => ({
      ...encoder.target(sample, view),
      [SAMPLE_WEIGHT]: Float32Array.of((sample.weight ?? 1) / mean),
    }),
  });
}
