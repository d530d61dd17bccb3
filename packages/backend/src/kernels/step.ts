import type { KernelFunc } from '@tensorflow/tfjs-core';
import { attribute, setKernel } from './registration.ts';

/**
 * Step with alpha 0 as Relu(Sign(x)): two calls in place of six, and NaN stays NaN.
 * Any other alpha, and any dtype but float32, goes the way it went.
 */
export function registerStep(): void {
  const previous = setKernel('Step', (call) => {
    const { inputs, attrs, backend } = call;
    const x = inputs.x!;
    if (attrs.alpha !== 0 || x.dtype !== 'float32') return (previous as KernelFunc)(call as never);
    const type = [attribute.type('T', x.dtype)];
    const sign = backend.executeSingleOutput('Sign', type, [x]);
    const result = backend.executeSingleOutput('Relu', type, [sign]);
    sign.dispose();
    return result;
  });
}
