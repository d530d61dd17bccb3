import type { ClassificationEvidence } from './metric.ts';
import { LEAST_PROBABILITY } from './temperature.ts';

/** A logit that moves by less ends the search. */
const ENOUGH = 1e-6;
const MOST_ROUNDS = 1000;

/**
 * What to add to the logit of each class, 0 on average, for weighed samples to be likeliest: then the weighed mean of what the model
 * says of a class is the share of weight that its samples have. By iterative scaling (Darroch and Ratcliff, 1972, "Generalized
 * iterative scaling for log-linear models"), each round of which adds ln(share / mean) and makes the samples likelier.
 * A class without a sample that counts stays as it is.
 *
 * @param weights what each sample counts, 0 and more
 */
export function fitClassShifts(
  { probabilities, truth, labels }: Pick<ClassificationEvidence, 'probabilities' | 'truth' | 'labels'>,
  weights: readonly number[],
): number[] {
  const classes = labels.length;
  const shares = new Array<number>(classes).fill(0);
  truth.forEach((label, i) => (shares[label]! += weights[i]!));
  const shifts = shares.map(() => 0);
  for (let round = 0, furthest = Infinity; round < MOST_ROUNDS && furthest > ENOUGH; round++) {
    const means = weighedMeans(probabilities, shifts, weights);
    furthest = 0;
    for (let j = 0; j < classes; j++) {
      if (shares[j] === 0) continue;
      const step = Math.log(shares[j]! / means[j]!);
      shifts[j]! += step;
      furthest = Math.max(furthest, Math.abs(step));
    }
  }
  const centre = shifts.reduce((sum, shift) => sum + shift, 0) / classes;
  return shifts.map((shift) => shift - centre);
}

/** The sum over samples, by their weights, of each class's probability with its logit shifted. */
function weighedMeans(probabilities: Float32Array, shifts: readonly number[], weights: readonly number[]): number[] {
  const factors = shifts.map(Math.exp);
  const means = factors.map(() => 0);
  const row = new Float64Array(factors.length);
  weights.forEach((weight, i) => {
    let total = 0;
    for (let j = 0; j < row.length; j++)
      total += row[j] = factors[j]! * Math.max(LEAST_PROBABILITY, probabilities[i * row.length + j]!);
    for (let j = 0; j < row.length; j++) means[j]! += (weight * row[j]!) / total;
  });
  return means;
}
