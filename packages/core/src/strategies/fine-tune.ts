import { USUAL_RATES, WHOLE, wholePhase } from './defaults.ts';
import type { Strategy } from './strategy.ts';

/** Trains the whole network from the source's weights, the backbone at a fraction of the head's rate. */
export const fineTune: Strategy = {
  id: 'fine-tune',
  description: 'Train all stages and the head, starting from the published weights',
  start: 'source',
  defaults: WHOLE,
  plan: (stages, budget, tuning = USUAL_RATES) => [wholePhase(stages, tuning, budget, 0.05)],
};
