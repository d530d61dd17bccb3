import {
  getGradient,
  registerGradient,
  reshape,
  sum,
  unregisterGradient,
  util,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * Gradients that TensorFlow.js gives in the shape of the output also to an input that was broadcast,
 * and then refuses: each is summed over the axes along which its input was repeated. On every engine.
 */
export function registerBroadcastGradients(): void {
  for (const name of ['Maximum', 'Minimum', 'SquaredDifference', 'BatchMatMul']) {
    const { gradFunc } = getGradient(name);
    unregisterGradient(name);
    registerGradient({
      kernelName: name,
      inputsToSave: ['a', 'b'],
      gradFunc: (dy, saved, attrs) => {
        const [a, b] = saved as [Tensor, Tensor];
        const whole = gradFunc(dy, saved, attrs);
        const inShapeOf = (input: Tensor, gradient: Tensor) =>
          util.arraysEqual(gradient.shape, input.shape) ? gradient : sumToShape(gradient, input.shape);
        return { a: () => inShapeOf(a, whole.a!()), b: () => inShapeOf(b, whole.b!()) };
      },
    });
  }
}

/** Sums a gradient over the axes along which an input of the shape was broadcast. */
export function sumToShape(gradient: Tensor, shape: number[]): Tensor {
  const missing = gradient.rank - shape.length;
  const axes = gradient.shape
    .map((_, axis) => axis)
    .filter((axis) => axis < missing || (shape[axis - missing] === 1 && gradient.shape[axis]! > 1));
  return axes.length > 0 ? reshape(sum(gradient, axes), shape) : reshape(gradient, shape);
}
