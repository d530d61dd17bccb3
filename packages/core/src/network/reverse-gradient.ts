import { customGrad, mul, type GradSaveFunc, type Scalar, type Tensor } from '@tensorflow/tfjs-core';

/**
 * The identity whose gradient is multiplied by `-scale`: what comes before it is trained to make worse what comes after
 * it is trained to make better (the gradient reversal layer of Ganin and Lempitsky, 2015, arXiv 1409.7495).
 *
 * @param x any shape
 * @param scale how much of the reversed gradient flows back; a tensor where it changes from step to step
 */
export function reverseGradient<T extends Tensor>(x: T, scale: Scalar | number = 1): T {
  return customGrad((value, save) => {
    if (typeof scale !== 'number') (save as GradSaveFunc)([scale]);
    return {
      value: (value as Tensor).clone(),
      gradFunc: (dy, saved) => mul(dy, mul(saved[0] ?? scale, -1)),
    };
  })(x) as T;
}
