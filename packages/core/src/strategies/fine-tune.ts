import { adamw, evenRates, tuningPhase } from './defaults.ts';
import type { Strategy } from './strategy.ts';

/** Trains the whole network from the source's weights, the backbone at a tenth of the head's rate. */
export const fineTune: Strategy = {
  id: 'fine-tune',
  description: 'Train all stages and the head, starting from the published weights',
  start: 'source',
  defaults: { epochs: 5, batchSize: 16 },
  plan: (stages, budget) => [
    tuningPhase({
      name: 'fine-tune',
      epochs: budget.epochs,
      stages: evenRates(stages, 0.1),
      optimiser: adamw(3e-3, budget, 0.05),
    }),
  ],
};
