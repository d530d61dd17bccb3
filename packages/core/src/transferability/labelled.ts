import type { Matrix } from './matrix.ts';

/** Features of samples, `[samples, width]`, and the class of each, from 0. Every class has a sample. */
export interface Labelled {
  readonly features: Matrix;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/** What a source's own classifier says of samples, `[samples, source classes]`, and the class of each. */
export interface SourcePredictions {
  readonly probabilities: Matrix;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}
