import { add, mul, sub, tidy, variable, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import type { Trainable } from './optimiser.ts';

/**
 * The exponential moving average of the trained weights (Polyak and Juditsky, 1992): evaluation
 * and the saved model use it in place of the last step's weights.
 */
export class MovingAverage {
  readonly shadows: ReadonlyMap<string, Variable>;

  constructor(private readonly weights: readonly Trainable[]) {
    this.shadows = new Map(
      weights.map(({ name, variable: { value } }) => {
        const copy = value.clone();
        const shadow = variable(copy, false);
        copy.dispose();
        return [name, shadow];
      }),
    );
  }

  /** s ← d·s + (1-d)·w. Call inside `tf.tidy`. */
  update(decay: Tensor): void {
    for (const {
      name,
      variable: { value },
    } of this.weights) {
      const shadow = this.shadows.get(name)!;
      shadow.assign(add(value, mul(sub(shadow, value), decay)));
    }
  }

  /** Exchanges weights and averages; a second call puts them back. */
  swap(): void {
    tidy(() => {
      for (const {
        name,
        variable: { value },
      } of this.weights) {
        const shadow = this.shadows.get(name)!;
        const average = shadow.clone();
        shadow.assign(value.clone());
        value.assign(average);
      }
    });
  }

  dispose(): void {
    for (const shadow of this.shadows.values()) shadow.dispose();
  }
}
