import { customGrad, zerosLike, type Tensor } from '@tensorflow/tfjs-core';

/**
 * What `compute` gives, as a constant: nothing it does is differentiated, so it may take the largest of many and
 * costs nothing on the way back.
 */
export function constant<T extends Tensor>(compute: () => T): T {
  return customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
}

/** The value as a constant: what is computed from it gives its origin no gradient. */
export function stopGradient<T extends Tensor>(x: T): T {
  return customGrad((value) => ({ value: (value as Tensor).clone(), gradFunc: (dy) => zerosLike(dy) }))(x) as T;
}
