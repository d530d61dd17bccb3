import '@tensorflow/tfjs';
import { memory, relu, setBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../../random/random-stream.ts';
import { assignValues } from '../layer.ts';
import { Convolution, type ConvolutionOptions } from './convolution.ts';
import { constant } from './initialisers.ts';

beforeAll(() => setBackend('cpu'));
let tensors: number | undefined;
afterEach(() => {
  tensors ??= memory().numTensors;
  expect(memory().numTensors).toBe(tensors);
});

/** The output on 1 to 16 in a square map, row by row, with a kernel of given values. */
function onSquare(options: Partial<ConvolutionOptions>, kernel: readonly number[]): unknown {
  const layer = new Convolution({ kernel: 'kernel', size: 3, inputs: 1, outputs: 1, ...options });
  layer.initialise(new RandomStream(1));
  assignValues(layer.kernel, Float32Array.from(kernel));
  const map = tensor(
    Array.from({ length: 16 }, (_, i) => i + 1),
    [1, 4, 4, 1],
  );
  const output = tidy(() => (layer.forward(map) as Tensor).squeeze([0, 3]).arraySync());
  for (const { value } of layer.variables) value.dispose();
  map.dispose();
  return output;
}

const FIRST = [1, 0, 0, 0, 0, 0, 0, 0, 0];

describe('Convolution', () => {
  it('pads as TensorFlow does with "same": at stride 2 only after the map', () => {
    // The kernel's first cell stands on rows and columns 0 and 2.
    expect(onSquare({ stride: 2 }, FIRST)).toEqual([
      [1, 3],
      [9, 11],
    ]);
  });

  it('pads on every side with "symmetric": the first cell stands one before the map', () => {
    expect(onSquare({ stride: 2, padding: 'symmetric' }, FIRST)).toEqual([
      [0, 0],
      [0, 6],
    ]);
  });

  it('takes kernels of two sides, shifts by the bias and ends in the activation', () => {
    // Each row less the one below it, which is 4 more; the last row has none below.
    const differences = { size: [2, 1] as const, bias: 'bias', biasInitialiser: constant(2) };
    const rows = [-2, -2, -2, -2];
    expect(onSquare(differences, [1, -1])).toEqual([rows, rows, rows, [15, 16, 17, 18]]);
    const zeros = [0, 0, 0, 0];
    expect(onSquare({ ...differences, activation: relu }, [1, -1])).toEqual([zeros, zeros, zeros, [15, 16, 17, 18]]);
  });

  it('filters each channel by itself where it is depthwise', () => {
    const layer = new Convolution({ kernel: 'kernel', size: 1, inputs: 2, outputs: 2, depthwise: true });
    assignValues(layer.kernel, Float32Array.of(10, 100));
    const x = tensor([1, 2, 3, 4], [1, 1, 2, 2]);
    expect(tidy(() => Array.from(layer.forward(x).dataSync()))).toEqual([10, 200, 30, 400]);
    expect(layer.kernel.value.shape).toEqual([1, 1, 2, 1]);
    x.dispose();
    layer.kernel.value.dispose();
  });
});
