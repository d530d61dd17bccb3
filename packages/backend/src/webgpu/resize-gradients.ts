import {
  matMul,
  reshape,
  ResizeBilinearGrad,
  ResizeNearestNeighborGrad,
  tensor3d,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { resizeMatrix } from '../kernels/resize-matrix.ts';
import { setWebGpuKernel } from './kernel.ts';

/**
 * Gradients of resizes as products with the transposed matrices of both axes. TensorFlow.js's kernels leave half-pixel
 * centres out, so theirs are those of another function.
 */
export function registerResizeGradients(): void {
  for (const [name, method] of [
    [ResizeBilinearGrad, 'bilinear'],
    [ResizeNearestNeighborGrad, 'nearest'],
  ] as const) {
    setWebGpuKernel(name, ({ inputs, attrs }) => {
      const { images, dy } = inputs as { images: Tensor; dy: Tensor };
      return tidy(() =>
        gradient(images.shape as Shape, dy, (from, to) => resizeMatrix(method, from, to, attrs as never)),
      );
    });
  }
}

type Shape = [batch: number, height: number, width: number, channels: number];

/** @param dy `[batch, height, width, channels]` of the resized images */
function gradient(
  [batch, height, width, channels]: Shape,
  dy: Tensor,
  matrix: (from: number, to: number) => Float32Array,
): Tensor {
  const [, tall, wide] = dy.shape as Shape;
  const across = tensor3d(matrix(width, wide), [1, wide, width]);
  const narrow = matMul(across, reshape(dy, [batch * tall, wide, channels]), true);
  const down = tensor3d(matrix(height, tall), [1, tall, height]);
  return reshape(matMul(down, reshape(narrow, [batch, tall, width * channels]), true), [
    batch,
    height,
    width,
    channels,
  ]);
}
