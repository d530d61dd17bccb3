import type { Labelled } from './labelled.ts';
import { centred, type Matrix } from './matrix.ts';
import { spectrum } from './spectrum.ts';

/** What the squared weights cost, for features of variance 1, as a multiple of the number of samples. */
const PENALTIES = [1e-3, 1e-2, 1e-1, 1, 10, 100];
/** Below this share of a feature's own size a spread is rounding error, and the feature a constant. */
const CONSTANT = 1e-6;

/** What cross-validation says of a linear probe. */
export interface ProbeAccuracy {
  readonly accuracy: number;
  /** The weight of the squared kernel that predicted left-out samples best, as a multiple of the number of samples. */
  readonly penalty: number;
}

/**
 * The accuracy of a linear probe by leave-one-out cross-validation: ridge regression to the classes' indicators on
 * standardised features, with an intercept, which the largest output decides. Left-out predictions come in closed form from
 * the hat matrix H as (ŷ - h y) / (1 - h) (Allen, 1974, "The relationship between variable selection and data augmentation
 * and a method for prediction"), so nothing is fitted anew. The penalty is the one of least squared error of them; features
 * are standardised by all samples, which uses no label.
 */
export function probeAccuracy({ features, labels, classes }: Labelled): ProbeAccuracy {
  const { values: squares, left, rows } = spectrum(standardised(features));
  const counts = new Float64Array(classes);
  for (let i = 0; i < rows; i++) counts[labels[i]!]!++;
  const projections = squares.length === 0 ? [] : projectionsOf(left, squares.length, labels, classes, rows);
  let best = { accuracy: 0, penalty: NaN, error: Infinity };
  for (const penalty of PENALTIES) {
    const kept = squares.map((square) => square / (square + penalty * rows));
    const found = leftOut({ kept, projections, left, counts, labels, classes, rows });
    if (found.error < best.error) best = { ...found, penalty };
  }
  return { accuracy: best.accuracy, penalty: best.penalty };
}

/** Each column with mean 0 and variance 1; a constant one is 0. */
function standardised(features: Matrix): Matrix {
  const { rows, columns, values } = centred(features);
  const deviations = new Float64Array(columns);
  const sizes = new Float64Array(columns);
  for (let at = 0; at < rows * columns; at++) {
    deviations[at % columns]! += values[at]! ** 2 / rows;
    sizes[at % columns] = Math.max(sizes[at % columns]!, Math.abs(features.values[at]!));
  }
  const scales = deviations.map((square, j) => (Math.sqrt(square) > CONSTANT * sizes[j]! ? 1 / Math.sqrt(square) : 0));
  return { rows, columns, values: values.map((value, at) => value * scales[at % columns]!) };
}

/** Of each left singular vector, its products with the classes' indicators; vectors of centred rows add up to 0, so these may stay uncentred. */
function projectionsOf(left: Float64Array, rank: number, labels: ArrayLike<number>, classes: number, rows: number) {
  return Array.from({ length: rank }, (_, direction) => {
    const products = new Float64Array(classes);
    for (let i = 0; i < rows; i++) products[labels[i]!]! += left[direction * rows + i]!;
    return products;
  });
}

interface Fit {
  /** How much of each direction the penalty leaves. */
  readonly kept: Float64Array;
  readonly projections: readonly Float64Array[];
  readonly left: Float64Array;
  readonly counts: Float64Array;
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  readonly rows: number;
}

/** Accuracy and mean squared error of the predictions for samples that are left out. */
function leftOut({ kept, projections, left, counts, labels, classes, rows }: Fit) {
  let [right, error] = [0, 0];
  const outputs = new Float64Array(classes);
  for (let i = 0; i < rows; i++) {
    let hat = 1 / rows;
    for (let c = 0; c < classes; c++) outputs[c] = counts[c]! / rows;
    for (const [direction, share] of kept.entries()) {
      const value = left[direction * rows + i]! * share;
      hat += value * left[direction * rows + i]!;
      for (let c = 0; c < classes; c++) outputs[c]! += value * projections[direction]![c]!;
    }
    let best = 0;
    for (let c = 0; c < classes; c++) {
      const truth = labels[i] === c ? 1 : 0;
      outputs[c] = (outputs[c]! - hat * truth) / (1 - hat);
      error += (outputs[c]! - truth) ** 2 / rows;
      if (outputs[c]! > outputs[best]!) best = c;
    }
    if (best === labels[i]) right++;
  }
  return { accuracy: right / rows, error };
}
