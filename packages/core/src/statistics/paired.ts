import { tQuantile, tTwoSided, tUpperTail } from './distributions.ts';

/** The mean of paired differences, and how far it is known. */
export interface PairedMean {
  readonly pairs: number;
  readonly mean: number;
  /** Of the differences, with n - 1. */
  readonly deviation: number;
  /** Of the mean. */
  readonly error: number;
}

/** Of numbers that are pairs' differences. Rounding of their subtraction is no spread: a deviation below 1e-12 counts as none. */
export function pairedMean(differences: readonly number[], overlap = 0): PairedMean {
  const pairs = differences.length;
  const mean = differences.reduce((sum, each) => sum + each, 0) / pairs;
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const found = Math.sqrt(squares / (pairs - 1));
  const deviation = found < 1e-12 ? 0 : found;
  return { pairs, mean, deviation, error: deviation * Math.sqrt(1 / pairs + overlap) };
}

/**
 * The paired t test of a mean difference of none, two-sided. With `overlap`, the number of test samples over that of training
 * samples, it is the corrected resampled t test (Nadeau and Bengio, 2003, "Inference for the generalization error"): splits
 * that were drawn anew for each seed share samples, so the variance of their mean is (1/n + overlap) s² instead of s²/n.
 * Both are NaN where the differences have no spread.
 */
export function pairedT(differences: readonly number[], overlap = 0): { readonly t: number; readonly p: number } {
  const { pairs, mean, error } = pairedMean(differences, overlap);
  if (!(error > 0)) return { t: NaN, p: NaN };
  return { t: mean / error, p: tTwoSided(mean / error, pairs - 1) };
}

/** The interval of the mean difference that belongs to `pairedT`. */
export function pairedInterval(
  differences: readonly number[],
  level: number,
  overlap = 0,
): readonly [low: number, high: number] {
  const { pairs, mean, error } = pairedMean(differences, overlap);
  const half = tQuantile((1 + level) / 2, pairs - 1) * error;
  return [mean - half, mean + half];
}

/**
 * The p of two one-sided t tests (Schuirmann, 1987) that the mean difference lies outside -delta … delta: small where it is
 * shown to lie inside. NaN where the differences have no spread.
 */
export function equivalenceP(differences: readonly number[], delta: number, overlap = 0): number {
  const { pairs, mean, error } = pairedMean(differences, overlap);
  if (!(error > 0)) return NaN;
  return tUpperTail((delta - Math.abs(mean)) / error, pairs - 1);
}

/** Cohen's d_z: the mean difference in deviations of the differences. NaN where they have none. */
export function cohensDz(differences: readonly number[]): number {
  const { mean, deviation } = pairedMean(differences);
  return deviation > 0 ? mean / deviation : NaN;
}

/** Hedges' g_z: d_z less its bias in few pairs, by 1 - 3 / (4 (n - 1) - 1). */
export function hedgesGz(differences: readonly number[]): number {
  return cohensDz(differences) * (1 - 3 / (4 * (differences.length - 1) - 1));
}
