import { add, mul, scalar, squaredDifference, square, sum, type Scalar } from '@tensorflow/tfjs-core';
import { USUAL_RATES, WHOLE, wholePhase } from './defaults.ts';
import { lossTerm, type LossTerm } from '../network/loss-term.ts';
import type { Strategy } from './strategy.ts';

/**
 * L2-SP: alpha/2 · Σ (w - w₀)² over the backbone's kernels, beta/2 · Σ w² over the head's, which
 * has no starting point (Li, Grandvalet and Davoine, 2018, arXiv 1802.01483).
 */
export function l2StartingPoint(alpha: number, beta: number): LossTerm {
  return lossTerm({
    name: 'l2-sp',
    needs: { weights: true, sourceWeights: true },
    value({ weights }) {
      let total: Scalar = scalar(0);
      for (const { decay, value, source } of weights) {
        if (!decay) continue;
        const squares = source ? squaredDifference(value, source) : square(value);
        total = add(total, mul(sum(squares), (source ? alpha : beta) / 2));
      }
      return total;
    },
  });
}

/** Fine-tuning that is pulled back to the source's weights. */
export const l2Sp: Strategy = {
  id: 'l2-sp',
  description: 'Fine-tune with a penalty on the distance from the published weights',
  start: 'source',
  defaults: WHOLE,
  plan: (stages, budget, tuning = USUAL_RATES) => [
    wholePhase(stages, tuning, { ...budget, weightDecay: 0 }, 0, [l2StartingPoint(0.1, 0.01)]),
  ],
};
