import type { Labelled } from './labelled.ts';
import { centred, placesByClass } from './matrix.ts';
import { spectrum, type Spectrum } from './spectrum.ts';

/**
 * H-score: the trace of cov(f)⁻¹ cov(E[f | y]), with the pseudo-inverse; from 0 to the number of classes less 1, larger is
 * better. With as many features as samples it is the largest for any features: take the regularised one there.
 *
 * Bao, Li, Huang, Zhang, Zheng, Zamir and Guibas (2019), "An information-theoretic approach to transferability in task
 * transfer learning".
 */
export function hScore(labelled: Labelled): number {
  return classShares(spectrum(centred(labelled.features)), labelled).reduce((sum, share) => sum + share, 0);
}

/**
 * The H-score with the features' covariance shrunk as Ledoit and Wolf (2004) do, and the classes' by the same factor.
 * Ibrahim, Ponomareva and Mazumder (2022), "Newer is not always better: rethinking transferability metrics, their
 * peculiarities, stability and performance". Covariance of features is over n, that of class means over n - 1, as in the
 * field's usual code.
 *
 * @returns the score, and how far the covariance is shrunk, from 0 to 1
 */
export function regularisedHScore(labelled: Labelled): { readonly score: number; readonly shrinkage: number } {
  const { rows, columns } = labelled.features;
  const middle = centred(labelled.features);
  const found = spectrum(middle);
  const { shrinkage, scale } = ledoitWolf(middle.values, columns, found);
  const shares = classShares(found, labelled);
  let score = 0;
  for (const [i, square] of found.values.entries()) {
    const spread = ((1 - shrinkage) * square) / rows + shrinkage * scale;
    score += ((1 - shrinkage) * square * shares[i]!) / (rows - 1) / spread;
  }
  return { score, shrinkage };
}

/** Of each left singular vector, how much of it lies in the classes' means: the squared length of its projection on them. */
function classShares({ values, left, rows }: Spectrum, { labels, classes }: Labelled): Float64Array {
  const places = placesByClass(labels, classes);
  return Float64Array.from(values, (_, direction) =>
    places.reduce((sum, members) => {
      const total = members.reduce((part, place) => part + left[direction * rows + place]!, 0);
      return members.length === 0 ? sum : sum + (total * total) / members.length;
    }, 0),
  );
}

/**
 * How far a covariance is to be shrunk to a multiple of the identity (Ledoit and Wolf, 2004, "A well-conditioned estimator
 * for large-dimensional covariance matrices").
 *
 * @param values of centred rows
 * @returns the share of the identity, and its scale, the mean variance
 */
function ledoitWolf(values: Float64Array, columns: number, { values: squares, rows }: Spectrum) {
  const trace = squares.reduce((sum, square) => sum + square / rows, 0);
  const scale = trace / columns;
  const frobenius = squares.reduce((sum, square) => sum + (square / rows) ** 2, 0);
  let fourth = 0;
  for (let row = 0; row < rows; row++) {
    let length = 0;
    for (let at = row * columns; at < (row + 1) * columns; at++) length += values[at]! ** 2;
    fourth += length * length;
  }
  const distance = frobenius - trace * scale;
  const noise = Math.min((fourth / rows - frobenius) / rows, distance);
  return { shrinkage: noise > 0 ? noise / distance : 0, scale };
}
