import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { TENSORFLOW } from '../tfjs-node/kernel-backend.ts';

export interface TestArray {
  shape: number[];
  values: Float32Array;
}

/** Reproducible values in [-2, 2] that keep a distance of 0.05 to the points in `avoid`. */
export function values(shape: number[], seed: number, avoid: readonly number[] = []): TestArray {
  let state = seed * 2654435761;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = (state / 2 ** 32) * 4 - 2;
    return avoid.some((point) => Math.abs(value - point) < 0.05) ? next() : value;
  };
  return { shape, values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, next) };
}

/** Value and gradients of `f`, a scalar function, computed by one engine of tfjs-core. */
export async function gradientsOn(
  engine: string,
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly TestArray[],
): Promise<{ value: number; gradients: Float32Array[] }> {
  await tf.setBackend(engine);
  try {
    return tf.tidy(() => {
      const tensors = inputs.map(({ shape, values }) => tf.tensor(values, shape));
      const { value, grads } = tf.valueAndGrads(f)(tensors);
      return { value: value.dataSync()[0]!, gradients: grads.map((gradient) => gradient.dataSync() as Float32Array) };
    });
  } finally {
    await tf.setBackend(TENSORFLOW);
  }
}

/**
 * The derivative of `f` along a fixed direction in all inputs by central differences, and the one
 * that `gradients` gives.
 */
export function directionalDerivatives(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly TestArray[],
  gradients: readonly Float32Array[],
  step: number,
): { numeric: number; analytic: number } {
  const directions = inputs.map(({ shape }, index) => values(shape, 97 + index).values);
  const at = (sign: number) =>
    tf.tidy(
      () =>
        f(
          ...inputs.map(({ shape, values }, i) =>
            tf.tensor(
              values.map((value, j) => value + sign * step * directions[i]![j]!),
              shape,
            ),
          ),
        ).dataSync()[0]!,
    );
  const numeric = (at(1) - at(-1)) / (2 * step);
  const analytic = directions.reduce(
    (sum, direction, i) => sum + direction.reduce((inner, value, j) => inner + value * gradients[i]![j]!, 0),
    0,
  );
  return { numeric, analytic };
}

/** Largest absolute difference. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
