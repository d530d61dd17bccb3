import type { Tensor } from '@tensorflow/tfjs-core';
import type { EncodedInputs } from '../../data/encode-batch.ts';
import type { TensorSpecs } from '../../network/tensors.ts';
import { RandomStream } from '../../random/random-stream.ts';
import type { Inference } from './inference.ts';

/** More than one: what follows the batch is told from what does not. */
const SAMPLES = 2;

/** How far two ways to compute a network may be apart, over its greatest output: sums of float32 in another order are far below. */
const TOLERANCE = 1e-3;

/**
 * Two samples' inputs of the kind that an encoder makes: numbers around zero; places in a table; where there are two, ones, but
 * for the second half of the last row, which is padding.
 */
export function trialInputs(specs: TensorSpecs, rows = 1): EncodedInputs {
  const random = new RandomStream('trial of a network');
  const inputs = Object.entries(specs).map(([name, { shape, dtype, below = 2 }]) => {
    const size = shape.reduce((product, n) => product * n, SAMPLES * rows);
    const padding = size - size / (SAMPLES * rows) / 2;
    const value = (i: number) =>
      dtype === 'float32'
        ? Math.sin(0.37 * i) * random.uniform(0, 1)
        : below > 2
          ? random.int(below)
          : i < padding
            ? 1
            : 0;
    const values = Array.from({ length: size }, (_, i) => value(i));
    return [name, dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values)] as const;
  });
  return { size: SAMPLES, rows, inputs: Object.fromEntries(inputs) };
}

/** What differs in what two compute of one input, as a sentence; undefined where nothing does. */
export async function difference(one: Inference, other: Inference, batch: EncodedInputs): Promise<string | undefined> {
  const [a, b] = [await one.run(batch), await other.run(batch)];
  try {
    for (const [name, expected] of Object.entries(b)) {
      const apart = await distance(a[name], expected);
      if (!(apart <= TOLERANCE)) return `the output "${name}" is ${apart} of its greatest value apart`;
    }
    return undefined;
  } finally {
    for (const each of [a, b]) for (const tensor of Object.values(each)) tensor.dispose();
  }
}

/** The greatest distance between two numbers in the same place, over the greatest number; NaN where one is none. */
async function distance(actual: Tensor | undefined, expected: Tensor): Promise<number> {
  if (actual?.shape.join() !== expected.shape.join()) return NaN;
  const [a, b] = [await actual.data(), await expected.data()];
  let most = 1;
  let apart = 0;
  for (let i = 0; i < b.length; i++) {
    most = Math.max(most, Math.abs(b[i]!));
    const between = Math.abs(a[i]! - b[i]!);
    if (Number.isNaN(between)) return NaN;
    apart = Math.max(apart, between);
  }
  return apart / most;
}
