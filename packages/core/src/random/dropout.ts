import { cast, greaterEqual, mul, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { StepRandom } from './step-random.ts';

/**
 * Inverted dropout: each element is zero with probability `rate`, and scaled by 1 / (1 - rate)
 * otherwise (Srivastava et al., 2014). It can be captured, which TensorFlow.js's own cannot: that
 * one draws its mask in JavaScript.
 *
 * @param rate from 0 to below 1; 0 hands `x` on
 * @param random of a name that no other draw of the step has
 */
export function dropout<T extends Tensor>(x: T, rate: number, random: StepRandom): T {
  if (rate === 0) return x;
  return tidy(() => {
    const kept = cast(greaterEqual(random.uniform(x.shape), rate), 'float32');
    return mul(x, mul(kept, 1 / (1 - rate)));
  });
}
