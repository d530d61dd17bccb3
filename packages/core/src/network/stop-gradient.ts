import { customGrad, zerosLike, type Tensor } from '@tensorflow/tfjs-core';

/** The value as a constant: what is computed from it gives its origin no gradient. */
export function stopGradient<T extends Tensor>(x: T): T {
  return customGrad((value) => ({ value: (value as Tensor).clone(), gradFunc: (dy) => zerosLike(dy) }))(x) as T;
}

/**
 * What `compute` gives, as a constant: nothing that it does is differentiated, so it may use ops without a gradient and
 * costs nothing on the way back.
 */
export function asConstant<T extends Tensor>(compute: () => T): T {
  return customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
}
