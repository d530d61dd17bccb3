/*
 * The risk on an unlabelled domain, estimated on labelled samples of another that count as much as there are samples like
 * them in the unlabelled one. Smaller is better.
 */

/**
 * Importance-weighted cross-validation: the mean of weight times loss (Sugiyama, Krauledat and Müller, 2007, "Covariate shift
 * adaptation by importance weighted cross validation").
 *
 * @param weights how much likelier each labelled validation sample is in the unlabelled domain
 * @param losses of each, such as 0 and 1 for right and wrong
 */
export function importanceWeightedRisk(weights: ArrayLike<number>, losses: ArrayLike<number>): number {
  return mean(weights.length, (i) => weights[i]! * losses[i]!);
}

/**
 * Deep embedded validation: the same with the weights, whose mean is known to be 1, as a control variate (You, Wang, Long and
 * Jordan, 2019, "Towards accurate model selection in deep unsupervised domain adaptation"). Covariance and variance are over
 * n - 1. Where the weights do not vary it is the importance-weighted risk.
 */
export function deepEmbeddedRisk(weights: ArrayLike<number>, losses: ArrayLike<number>): number {
  const risk = importanceWeightedRisk(weights, losses);
  const middle = mean(weights.length, (i) => weights[i]!);
  let [together, alone] = [0, 0];
  for (let i = 0; i < weights.length; i++) {
    together += (weights[i]! * losses[i]! - risk) * (weights[i]! - middle);
    alone += (weights[i]! - middle) ** 2;
  }
  const share = alone > 0 ? -together / alone : 0;
  return risk + share * middle - share;
}

function mean(count: number, value: (index: number) => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += value(i);
  return sum / count;
}
