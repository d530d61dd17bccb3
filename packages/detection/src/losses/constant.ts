import { customGrad, type Tensor } from '@tensorflow/tfjs-core';

/**
 * What `compute` gives, as a constant: nothing it does is differentiated, so it may take the largest of many and
 * costs nothing on the way back.
 */
export function constant<T extends Tensor>(compute: () => T): T {
  return customGrad(() => ({ value: compute(), gradFunc: () => [] }))();
}
