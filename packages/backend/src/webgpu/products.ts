import {
  _FusedMatMul,
  add,
  BatchMatMul,
  Conv2D,
  engine,
  FusedConv2D,
  tidy,
  transpose,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { setWebGpuKernel } from './kernel.ts';

/**
 * Keeps TensorFlow.js from dividing long sums of a product of matrices among threads that add atomically, in whichever
 * order they come: the last bits would change from run to run. Without workgroups to gain it does not.
 */
export function registerProducts(): void {
  for (const name of [BatchMatMul, _FusedMatMul, Conv2D, FusedConv2D]) {
    setWebGpuKernel(name, ({ backend }, previous) => {
      const threshold = backend.thresholdToIncreaseWorkgroups;
      backend.thresholdToIncreaseWorkgroups = 0;
      try {
        return previous();
      } finally {
        backend.thresholdToIncreaseWorkgroups = threshold;
      }
    });
  }
  setWebGpuKernel(FusedConv2D, ({ inputs, attrs }, previous) => {
    const {
      x,
      filter,
      bias,
      preluActivationWeights: slopes,
    } = inputs as Record<string, Tensor> & Record<'x' | 'filter', Tensor>;
    if (!bias) return previous();
    return tidy(() => {
      // A shader reads four numbers of the bias at once: one number is given to each channel.
      const given = { bias: bias.size === 1 ? add(zeros([filter.shape[3]!]), bias) : bias };
      const convolve = (tensors: Record<string, Tensor>) =>
        engine().makeTensorFromTensorInfo(previous(tensors, { dataFormat: 'NHWC' }));
      if (attrs['dataFormat'] !== 'NCHW') return convolve(given);
      // For channels-first images it goes along the wrong axis.
      const turned = { x: channelsLast(x), ...(slopes && { preluActivationWeights: channelsLast(slopes) }) };
      return transpose(convolve({ ...given, ...turned }), [0, 3, 1, 2]);
    });
  });
}

/** @param x `[batch, channels, height, width]`, without the batch too; fewer axes stay as they are */
function channelsLast(x: Tensor): Tensor {
  return x.rank < 3 ? x : transpose(x, x.rank === 4 ? [0, 2, 3, 1] : [1, 2, 0]);
}
