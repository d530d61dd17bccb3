import { adamw, evenRates, probeEpochs, probePhase, tuningPhase, USUAL_RATES, WHOLE } from './defaults.ts';
import type { Strategy } from './strategy.ts';

/**
 * Linear probing, then fine-tuning: the head is fitted before it can distort the features
 * (Kumar et al., 2022, arXiv 2202.10054).
 */
export const lpFt: Strategy = {
  id: 'lp-ft',
  description: 'Fit the head on frozen features first, then fine-tune all stages',
  start: 'source',
  defaults: WHOLE,
  plan: (stages, budget, tuning = USUAL_RATES) => [
    probePhase({ weightDecay: budget.weightDecay }, probeEpochs(budget), tuning),
    tuningPhase({
      name: 'fine-tune',
      epochs: budget.epochs,
      stages: evenRates(stages, 1),
      optimiser: adamw(tuning.learningRate, budget, 0.05),
      labelSmoothing: tuning.labelSmoothing,
    }),
  ],
};
