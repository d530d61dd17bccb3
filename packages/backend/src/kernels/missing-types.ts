import { tidy, type KernelFunc, type Tensor } from '@tensorflow/tfjs-core';
import { cast, setKernel } from './registration.ts';

/**
 * Ops that TensorFlow.js offers for a type of numbers for which TensorFlow has no kernel: computed
 * in one that it has. Whole numbers as far as float32 holds them exactly, up to 2^24.
 */
export function registerMissingTypes(): void {
  computeAs('Diag', 'x', 'bool', 'int32', 'bool');
  computeAs('LeakyRelu', 'x', 'int32', 'float32', 'float32');
  computeAs('SparseSegmentMean', 'data', 'int32', 'float32', 'int32');
  computeAs('Step', 'x', 'int32', 'float32', 'int32');
}

function computeAs(kernelName: string, input: string, type: string, computed: string, result: string): void {
  const previous = setKernel(kernelName, (call) => {
    const x = call.inputs[input]!;
    if (x.dtype !== type) return (previous as KernelFunc)(call as never);
    return tidy(() => {
      const inputs = { ...call.inputs, [input]: cast(call.backend, x, type, computed) };
      const y = (previous as KernelFunc)({ ...call, inputs } as never) as Tensor;
      return computed === result ? y : cast(call.backend, y, computed, result);
    });
  });
}
