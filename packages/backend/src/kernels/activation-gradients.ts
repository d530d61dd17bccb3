import { less, mul, step, type Tensor } from '@tensorflow/tfjs-core';
import { attribute, runKernel, setGradient, setKernel } from './registration.ts';

/**
 * Gradients of activations as TensorFlow's own ops, one call each, in place of a chain of
 * comparisons and selections. Relu and Relu6 save their output instead of their input, which the
 * next layer holds anyway: the mask is the same.
 */
export function registerActivationGradients(): void {
  for (const name of ['ReluGrad', 'Relu6Grad']) {
    setKernel(name, ({ inputs: { dy, y }, backend }) =>
      backend.executeSingleOutput(name, [attribute.type('T', dy!.dtype)], [dy!, y!]),
    );
  }
  for (const name of ['SigmoidGrad', 'TanhGrad']) {
    setKernel(name, ({ inputs: { dy, y }, backend }) =>
      backend.executeSingleOutput(name, [attribute.type('T', dy!.dtype)], [y!, dy!]),
    );
  }
  setKernel('LeakyReluGrad', ({ inputs: { dy, x }, attrs, backend }) =>
    backend.executeSingleOutput(
      'LeakyReluGrad',
      [attribute.float('alpha', attrs.alpha as number), attribute.type('T', dy!.dtype)],
      [dy!, x!],
    ),
  );

  const fromOutput =
    (kernel: string) =>
    (dy: Tensor, [y]: Tensor[]) => ({ x: () => runKernel(kernel, { dy, y: y! }) });
  const output = { outputsToSave: [true] };
  setGradient('Relu', output, fromOutput('ReluGrad'), (dy, [y]) => ({ x: () => mul(dy, step(y!)) }));
  // TensorFlow's Relu6Grad is 0 at 6 exactly, TensorFlow.js's formula 1; here it is 0 everywhere.
  setGradient('Relu6', output, fromOutput('Relu6Grad'), (dy, [y]) => ({
    x: () => mul(dy, mul(step(y!), less(y!, 6))),
  }));
  setGradient('Sigmoid', output, fromOutput('SigmoidGrad'));
  setGradient('Tanh', output, fromOutput('TanhGrad'));
  // Output and input have one sign, unless the slope is below zero. Where the input goes to the gradient, TensorFlow cannot
  // fuse what comes before (its optimiser tries to, fails, and leaves the whole graph as it was).
  setGradient('LeakyRelu', { inputsToSave: ['x'], outputsToSave: [true] }, (dy, [x, y], attrs) => {
    const { alpha } = attrs as { alpha: number };
    return { x: () => runKernel('LeakyReluGrad', { dy, x: alpha < 0 ? x! : y! }, { alpha }) };
  });
}
