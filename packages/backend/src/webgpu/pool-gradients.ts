import { AvgPool3DGrad, AvgPoolGrad, backend_util, mul, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { setWebGpuKernel } from './kernel.ts';

interface PoolAttributes {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: 'same' | 'valid' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

/** One axis of a pool: its size, the output's, the window, the step between windows, the padding before it. */
type Axis = readonly [size: number, outputs: number, window: number, stride: number, padding: number];

/**
 * Gradients of average pools whose windows overlap padding: the forward pass divides by the places that are not
 * padding, TensorFlow.js's kernels by the whole window. They are given the output's gradient put right by that.
 */
export function registerPoolGradients(): void {
  setWebGpuKernel(AvgPoolGrad, ({ inputs, attrs }, previous) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
    const shape = inputs.input!.shape as [number, number, number, number];
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    return withShares(inputs.dy as Tensor, previous, [
      [info.inHeight, info.outHeight, info.filterHeight, info.strideHeight, info.padInfo.top],
      [info.inWidth, info.outWidth, info.filterWidth, info.strideWidth, info.padInfo.left],
    ]);
  });
  setWebGpuKernel(AvgPool3DGrad, ({ inputs, attrs }, previous) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes;
    const shape = inputs.input!.shape as [number, number, number, number, number];
    const info = backend_util.computePool3DInfo(
      shape,
      filterSize as number,
      strides as number,
      1,
      pad,
      dimRoundingMode,
    );
    return withShares(inputs.dy as Tensor, previous, [
      [info.inDepth, info.outDepth, info.filterDepth, info.strideDepth, info.padInfo.front],
      [info.inHeight, info.outHeight, info.filterHeight, info.strideHeight, info.padInfo.top],
      [info.inWidth, info.outWidth, info.filterWidth, info.strideWidth, info.padInfo.left],
    ]);
  });
}

/** @param axes of the output's gradient, between its batch and its channels */
function withShares<T>(dy: Tensor, previous: (inputs?: { dy: Tensor }) => T, axes: readonly Axis[]): T {
  const shares = axes.map(sharesAlong);
  if (shares.every((along) => along.every((share) => share === 1))) return previous();
  const scaled = tidy(() =>
    shares.reduce<Tensor>((gradient, along, axis) => {
      const shape = gradient.shape.map((_, i) => (i === axis + 1 ? along.length : 1));
      return mul(gradient, tensor(along, shape));
    }, dy),
  );
  const result = previous({ dy: scaled });
  scaled.dispose();
  return result;
}

/** For each window its length over what of it is not padding. */
function sharesAlong([size, outputs, window, stride, padding]: Axis): number[] {
  return Array.from({ length: outputs }, (_, i) => {
    const start = i * stride - padding;
    return window / (Math.min(start + window, size) - Math.max(start, 0));
  });
}
