import { addN, AddN, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { setWebGpuKernel } from './kernel.ts';

/** Sums of more tensors than a shader may have buffers, which TensorFlow.js asks for all the same: in pieces, in their order. */
export function registerSums(): void {
  setWebGpuKernel(AddN, ({ inputs, backend }, previous) => {
    const terms = Object.values(inputs) as Tensor[];
    const room = backend.device.limits.maxStorageBuffersPerShaderStage - 1;
    if (terms.length <= room) return previous();
    return tidy(() => addN([addN(terms.slice(0, room)), ...terms.slice(room)]));
  });
}
