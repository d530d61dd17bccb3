import { _FusedMatMul, BatchMatMul, Conv2D, FusedConv2D } from '@tensorflow/tfjs-core';
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
}
