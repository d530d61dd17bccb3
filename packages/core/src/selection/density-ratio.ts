import { centred, type Matrix } from '../transferability/matrix.ts';
import { leadingComponents, spectrum } from '../transferability/spectrum.ts';

/** Directions of the features that domains are told apart by. */
const COMPONENTS = 16;
/** What half the squared weights cost, per sample, for directions of variance 1. */
const PENALTY = 1e-2;
const STEPS = 200;

/**
 * How much likelier each labelled sample is in the unlabelled domain than in its own: the odds of a logistic regression that
 * tells the domains apart, times the ratio of their sizes (Bickel, Brückner and Scheffer, 2007, "Discriminative learning for
 * differing training and test distributions"). By the 16 principal components of both together, scaled to variance 1, so that
 * few samples do not tell every one apart.
 *
 * @param labelled features, `[samples, width]` @param unlabelled features of the same width
 */
export function densityRatios(labelled: Matrix, unlabelled: Matrix): Float64Array {
  const rows = labelled.rows + unlabelled.rows;
  const { columns } = labelled;
  const values = new Float64Array(rows * columns);
  for (let at = 0; at < values.length; at++)
    values[at] = at < labelled.rows * columns ? labelled.values[at]! : unlabelled.values[at - labelled.rows * columns]!;
  const found = spectrum(centred({ rows, columns, values }));
  const scaled = { ...found, values: found.values.map(() => rows) };
  const logits = logistic(leadingComponents(scaled, COMPONENTS), (i) => (i < labelled.rows ? 0 : 1));
  return logits.subarray(0, labelled.rows).map((logit) => (Math.exp(logit) * labelled.rows) / unlabelled.rows);
}

/**
 * The logits of a penalised logistic regression on uncorrelated columns of variance 1, by gradient descent: the loss curves by
 * at most a quarter in every direction, the penalty's share apart.
 */
function logistic({ rows, columns, values }: Matrix, truth: (row: number) => number): Float64Array {
  const weights = new Float64Array(columns);
  let bias = 0;
  const logits = new Float64Array(rows);
  const rate = 1 / (0.25 + PENALTY);
  for (let step = 0; step <= STEPS; step++) {
    for (let i = 0; i < rows; i++) {
      let sum = bias;
      for (let j = 0; j < columns; j++) sum += weights[j]! * values[i * columns + j]!;
      logits[i] = sum;
    }
    const gradient = weights.map((weight) => PENALTY * weight);
    let ofBias = 0;
    for (let i = 0; i < rows; i++) {
      const error = (1 / (1 + Math.exp(-logits[i]!)) - truth(i)) / rows;
      ofBias += error;
      for (let j = 0; j < columns; j++) gradient[j]! += error * values[i * columns + j]!;
    }
    gradient.forEach((slope, j) => (weights[j]! -= rate * slope));
    bias -= rate * ofBias;
  }
  return logits;
}
