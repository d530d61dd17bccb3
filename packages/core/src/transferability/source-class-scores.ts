import type { SourcePredictions } from './labelled.ts';
import { largestColumns } from './matrix.ts';

/**
 * LEEP: the mean log probability of the true classes, predicted from the source's own classes by their empirical
 * conditional distribution. Negative; larger is better.
 *
 * Nguyen, Hassner, Seeger and Archambeau (2020), "LEEP: a new measure to evaluate transferability of learned representations".
 */
export function leep({ probabilities, labels, classes }: SourcePredictions): number {
  const { rows, columns, values } = probabilities;
  const joint = new Float64Array(classes * columns);
  for (let i = 0; i < rows; i++)
    for (let z = 0; z < columns; z++) joint[labels[i]! * columns + z]! += values[i * columns + z]! / rows;
  const conditional = givenSource(joint, classes, columns);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let probability = 0;
    for (let z = 0; z < columns; z++) probability += conditional[labels[i]! * columns + z]! * values[i * columns + z]!;
    sum += Math.log(probability);
  }
  return sum / rows;
}

/**
 * NCE: minus the conditional entropy of the classes, given the source's likeliest class of each sample. Larger is better.
 *
 * Tran, Nguyen and Hassner (2019), "Transferability and hardness of supervised classification tasks".
 */
export function nce({ probabilities, labels, classes }: SourcePredictions): number {
  const { rows, columns } = probabilities;
  const joint = new Float64Array(classes * columns);
  largestColumns(probabilities).forEach((likeliest, i) => (joint[labels[i]! * columns + likeliest]! += 1 / rows));
  const conditional = givenSource(joint, classes, columns);
  return joint.reduce((sum, share, at) => (share > 0 ? sum + share * Math.log(conditional[at]!) : sum), 0);
}

/** P(y | z) from P(y, z), both `[classes, source classes]`; 0 for a source class that no sample has. */
function givenSource(joint: Float64Array, classes: number, columns: number): Float64Array {
  const marginal = new Float64Array(columns);
  for (let at = 0; at < classes * columns; at++) marginal[at % columns]! += joint[at]!;
  return joint.map((share, at) => (share > 0 ? share / marginal[at % columns]! : 0));
}
