import { avgPool, maxPool, mean, reshape, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';

/** Largest value of each `size` x `size` window; the map shrinks to `ceil(side / size)`. */
export function maxPooling(map: Tensor, size: number): Tensor {
  return maxPool(map as Tensor4D, size, size, 'same');
}

/** Mean of each `size` x `size` window (padding does not count); the map shrinks to `ceil(side / size)`. */
export function averagePooling(map: Tensor, size: number): Tensor {
  return avgPool(map as Tensor4D, size, size, 'same');
}

/** `[batch, height, width, channels]` to its mean over positions, `[batch, channels]`. */
export function globalAveragePooling(map: Tensor): Tensor {
  return mean(map, [1, 2]);
}

/** Everything but the batch axis in one, row-major. */
export function flatten(x: Tensor): Tensor {
  return reshape(x, [x.shape[0] ?? -1, -1]);
}
