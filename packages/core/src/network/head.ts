import type { Stage } from './stage.ts';

/** The name under which the head appears among the stages. */
export const HEAD = 'head';

/** A stage as strategies see it; `parameters` counts the numbers in its weights, statistics apart. */
export interface StageInfo {
  readonly name: string;
  readonly parameters: number;
}

/** The new layers that a task puts on a backbone. */
export interface Head extends Stage {
  /**
   * Fits non-trainable statistics to the features of the frozen backbone on the training split
   * before training starts: mean and standard deviation per feature, over all rows.
   */
  fit?(feature: string, statistics: { mean: Float32Array; standardDeviation: Float32Array }): void;
}
