import type { Labelled } from './labelled.ts';
import { centred, placesByClass } from './matrix.ts';
import { leadingComponents, spectrum } from './spectrum.ts';

/** Features with more dimensions are taken by so many principal components, as in the paper. */
const COMPONENTS = 64;
/** Least variance of a class in a dimension, as a share of the dimension's own. */
const LEAST_SHARE = 1e-6;

/**
 * GBC, the Gaussian Bhattacharyya coefficient: minus the overlap of the classes, each a Gaussian with a diagonal (population)
 * covariance, summed over all ordered pairs of classes. Never above 0; larger is better. A class's variance counts as at
 * least a millionth of the dimension's.
 *
 * Pándy, Agostinelli, Uijlings, Ferrari and Mensink (2022), "Transferability estimation using Bhattacharyya class separability".
 */
export function gbc({ features, labels, classes }: Labelled): number {
  const middle = centred(features);
  const { columns, values } = features.columns > COMPONENTS ? leadingComponents(spectrum(middle), COMPONENTS) : middle;
  const least = variances(
    values,
    columns,
    Array.from({ length: features.rows }, (_, i) => i),
  ).variance;
  const gaussians = placesByClass(labels, classes).map((members) => variances(values, columns, members));
  let overlap = 0;
  for (let a = 0; a < classes; a++)
    for (let b = 0; b < a; b++) overlap += 2 * Math.exp(-distance(gaussians[a]!, gaussians[b]!, least));
  return -overlap;
}

interface Gaussian {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

function variances(values: ArrayLike<number>, columns: number, members: readonly number[]): Gaussian {
  const [mean, variance] = [new Float64Array(columns), new Float64Array(columns)];
  for (const row of members) for (let j = 0; j < columns; j++) mean[j]! += values[row * columns + j]! / members.length;
  for (const row of members)
    for (let j = 0; j < columns; j++) variance[j]! += (values[row * columns + j]! - mean[j]!) ** 2 / members.length;
  return { mean, variance };
}

/** Bhattacharyya's distance of two Gaussians; a dimension in which nothing varies says nothing. */
function distance(a: Gaussian, b: Gaussian, whole: Float64Array): number {
  let sum = 0;
  for (const [j, spread] of whole.entries()) {
    if (spread === 0) continue;
    const least = LEAST_SHARE * spread;
    const [own, other] = [Math.max(a.variance[j]!, least), Math.max(b.variance[j]!, least)];
    const middle = (own + other) / 2;
    sum += (a.mean[j]! - b.mean[j]!) ** 2 / (8 * middle) + 0.5 * Math.log(middle / Math.sqrt(own * other));
  }
  return sum;
}
