import { logDeterminant } from './cholesky.ts';
import type { Labelled } from './labelled.ts';
import { centred, placesByClass, rowsOf, smallerProducts, type Matrix } from './matrix.ts';

const EPSILON = 1e-4;

/**
 * TransRate: the coding rate of the centred features less the mean rate of those of each class, in nats, where the rate is
 * ½ log det(I + FᵀF / (n ε)), ε = 1e-4. Larger is better.
 *
 * Huang, Huang, Rong, Yang and Wei (2022), "Frustratingly easy transferability estimation"; classes count alike, as in the
 * authors' code.
 */
export function transRate({ features, labels, classes }: Labelled): number {
  const middle = centred(features);
  const places = placesByClass(labels, classes);
  const within = places.reduce((sum, members) => sum + codingRate(rowsOf(middle, members)), 0);
  return codingRate(middle) - within / classes;
}

function codingRate(matrix: Matrix): number {
  const { size, values } = smallerProducts(matrix);
  const scaled = values.map((value, at) => value / (matrix.rows * EPSILON) + (at % (size + 1) === 0 ? 1 : 0));
  return 0.5 * logDeterminant(scaled, size);
}
