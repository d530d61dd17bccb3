import type { Metric } from '@headstart/core/metrics';

/**
 * The Brier score: `Σ (p - t)²` over the classes, where t is 1 for the sample's own class and 0 for the others, averaged over
 * samples. 0 where every class is foretold with certainty, 2 where always another one is (Brier, 1950, "Verification of
 * forecasts expressed in terms of probability").
 */
export const metric: Metric<'classification'> = {
  id: 'your-name',
  kind: 'classification',
  description: 'Squared distance of the probabilities from the truth, from 0 (best) to 2',
  applies: ({ truth }) => truth.length > 0,
  compute({ labels, probabilities, truth }) {
    const classes = labels.length;
    let sum = 0;
    probabilities.forEach((probability, i) => {
      const own = truth[Math.floor(i / classes)] === i % classes;
      sum += (probability - (own ? 1 : 0)) ** 2;
    });
    return sum / truth.length;
  },
};
