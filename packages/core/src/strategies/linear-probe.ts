import { PROBE, probePhase } from './defaults.ts';
import type { Strategy } from './strategy.ts';

/** Trains the head on the frozen backbone, whose features are computed once. */
export const linearProbe: Strategy = {
  id: 'linear-probe',
  description: 'Train a linear head on features of the frozen backbone, computed once',
  start: 'source',
  defaults: PROBE,
  plan: (_stages, budget, tuning) => [probePhase(budget, budget.epochs, tuning)],
};
