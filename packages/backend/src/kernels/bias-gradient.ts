import type { Tensor } from '@tensorflow/tfjs-core';
import { sumToShape } from './broadcast-gradients.ts';
import { attribute, runKernel, setGradient, setKernel } from './registration.ts';

/**
 * The gradient of a bias that is added to each row of a matrix (or of a batch of sequences) as
 * BiasAddGrad, three times as fast there as a sum; as fast on feature maps of many channels, where
 * those of few are faster summed.
 */
export function registerBiasGradient(): void {
  setKernel('BiasAddGrad', ({ inputs: { dy }, backend }) =>
    backend.executeSingleOutput(
      'BiasAddGrad',
      [attribute.type('T', dy!.dtype), attribute.string('data_format', 'NHWC')],
      [dy!],
    ),
  );
  setGradient('Add', { inputsToSave: ['a', 'b'] }, (dy, [a, b]) => ({
    a: () => toShapeOf(a!, dy),
    b: () => toShapeOf(b!, dy),
  }));
}

/** Channels from which a sum over the places of feature maps is the slower one. */
const MANY_CHANNELS = 32;

/** Sums the gradient over the axes along which `input` was broadcast. */
function toShapeOf(input: Tensor, dy: Tensor): Tensor {
  const { shape } = input;
  const isBias =
    shape.length === 1 &&
    (dy.rank === 2 || dy.rank === 3 || (dy.rank === 4 && shape[0] >= MANY_CHANNELS)) &&
    shape[0] === dy.shape.at(-1) &&
    shape[0] !== 1;
  if (isBias && dy.dtype === 'float32') return runKernel('BiasAddGrad', { dy });
  return sumToShape(dy, shape);
}
