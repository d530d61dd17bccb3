import type { KernelFunc } from '@tensorflow/tfjs-core';
import { attribute, setKernel } from './registration.ts';

/**
 * Products of two matrices as MatMul, which takes the whole machine, in place of BatchMatMulV2,
 * which is made for many small ones. The gradient is a product of matrices too, so it follows.
 */
export function registerMatMul(): void {
  const previous = setKernel('BatchMatMul', (call) => {
    const { a, b } = call.inputs as { a: NonNullable<typeof call.inputs.a>; b: NonNullable<typeof call.inputs.b> };
    if (a.shape.length !== 2 || b.shape.length !== 2 || a.dtype !== 'float32' || b.dtype !== 'float32') {
      return (previous as KernelFunc)(call as never);
    }
    return call.backend.executeSingleOutput(
      'MatMul',
      [
        attribute.type('T', a.dtype),
        attribute.bool('transpose_a', Boolean(call.attrs.transposeA)),
        attribute.bool('transpose_b', Boolean(call.attrs.transposeB)),
      ],
      [a, b],
    );
  });
}
