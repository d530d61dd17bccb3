import { rowProducts, transposed, type Matrix } from '../transferability/matrix.ts';
import { symmetricEigen } from '../transferability/symmetric-eigen.ts';

/*
 * What a model's probabilities of unlabelled samples, `[samples, classes]`, say of how good it is on them. Of each, larger
 * is taken for better.
 */

/** Minus the mean entropy in nats: how sure the model is (Morerio, Cavazza and Murino, 2018, "Minimal-entropy correlation alignment"). */
export function certainty({ rows, columns, values }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += entropy(values, i * columns, (i + 1) * columns);
  return -sum / rows;
}

/**
 * The entropy of the mean prediction less the mean entropy, in nats: sure of each sample, and not of one class for all (Krause,
 * Perona and Gomes, 2010, "Discriminative clustering by regularized information maximization").
 */
export function informationMaximisation(probabilities: Matrix): number {
  const { rows, columns, values } = probabilities;
  const middle = new Float64Array(columns);
  for (let at = 0; at < rows * columns; at++) middle[at % columns]! += values[at]! / rows;
  return entropy(middle, 0, columns) + certainty(probabilities);
}

/**
 * The nuclear norm of the probabilities over the number of samples: sure and diverse (Cui, Wang, Zhuo, Li, Huang and Tian, 2020,
 * "Towards discriminability and diversity: batch nuclear-norm maximization").
 */
export function nuclearNorm(probabilities: Matrix): number {
  const { rows, columns } = probabilities;
  const { values } = symmetricEigen(rowProducts(transposed(probabilities)), columns);
  return values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0) / rows;
}

const TEMPERATURE = 0.05;

/**
 * Soft neighbourhood density: the mean entropy, in nats, of each sample's similarities to the others, as a softmax of cosines of
 * their probabilities over a temperature of 0.05 (Saito, Kim, Teterwak, Sclaroff, Darrell and Saenko, 2021, "Tune it the
 * right way: unsupervised validation of domain adaptation via soft neighborhood density").
 */
export function softNeighbourhoodDensity({ rows, columns, values }: Matrix): number {
  const unit = Float64Array.from({ length: rows * columns }, (_, at) => values[at]!);
  for (let i = 0; i < rows; i++) {
    const row = unit.subarray(i * columns, (i + 1) * columns);
    const length = Math.hypot(...row);
    row.forEach((value, j) => (row[j] = value / length));
  }
  const cosines = rowProducts({ rows, columns, values: unit });
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let total = 0;
    let weighed = 0;
    for (let j = 0; j < rows; j++) {
      if (j === i) continue;
      // Less the largest that there can be, so that no power overflows.
      const exponent = (cosines[i * rows + j]! - 1) / TEMPERATURE;
      total += Math.exp(exponent);
      weighed += Math.exp(exponent) * exponent;
    }
    sum += Math.log(total) - weighed / total;
  }
  return sum / rows;
}

function entropy(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) if (values[at]! > 0) sum -= values[at]! * Math.log(values[at]!);
  return sum;
}
