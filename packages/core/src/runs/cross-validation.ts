import { wholeNumber } from '../options/value-kinds.ts';
import type { TransferResult } from './request.ts';

/** How a transfer is judged by cross-validation. */
export interface CrossValidationOptions {
  /** Parts that the samples are dealt out to; each is judged by a model that was trained on the others. */
  readonly folds: number;
  /** How often they are dealt out anew; once where absent. */
  readonly repeats?: number;
}

/** The bounds of the numbers of a cross-validation. */
export const crossValidationKinds = { folds: wholeNumber(2), repeats: wholeNumber(1) } as const;

/** A metric over all folds of all repeats. */
export interface CrossValidatedMetric {
  readonly mean: number;
  /** Standard deviation of the folds' values, with n - 1. */
  readonly deviation: number;
  /**
   * 95 % of the mean, by a t distribution whose variance is corrected for folds that share training samples: (1/n + test/train)
   * s² (Nadeau and Bengio, 2003). Absent where the values have no spread.
   */
  readonly interval?: readonly [low: number, high: number];
  /** One per fold, repeat after repeat. */
  readonly values: readonly number[];
}

/** What cross-validation found, as it stands in the card of the model that was then trained on all samples. */
export interface CrossValidation {
  readonly folds: number;
  readonly repeats: number;
  readonly metrics: Readonly<Record<string, CrossValidatedMetric>>;
}

/** What was predicted of a sample by a model that had not seen it. */
export type OutOfFoldRow = Readonly<Record<string, string | number>>;

/** What came of a cross-validated transfer: the folds, and the model that was then trained on all samples. */
export interface CrossValidatedResult extends TransferResult {
  readonly crossValidation: CrossValidation;
  /** What was predicted of each sample when it was not trained on; once per repeat. */
  readonly outOfFold: readonly OutOfFoldRow[];
}
