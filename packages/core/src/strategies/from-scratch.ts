import { adamw, evenRates, tuningPhase } from './defaults.ts';
import type { Strategy } from './strategy.ts';

/** Trains the same architecture from random weights: the baseline that a transfer has to beat. */
export const fromScratch: Strategy = {
  id: 'from-scratch',
  description: 'Train all stages from random weights; the baseline',
  start: 'random',
  defaults: { epochs: 30, batchSize: 32 },
  plan: (stages, budget) => [
    tuningPhase({
      name: 'train',
      epochs: budget.epochs,
      stages: evenRates(stages, 1),
      optimiser: adamw(1e-3, budget, 0.05),
      batchStatistics: true,
    }),
  ],
};
