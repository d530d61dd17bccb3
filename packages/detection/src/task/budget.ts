import type { UsualTraining } from '@headstart/core/options';

/** Strategies that train the whole network on pictures, not on cached features. */
const WHOLE: ReadonlySet<string> = new Set(['fine-tune', 'lp-ft', 'l2-sp', 'gradual-unfreeze']);

/**
 * Small batches, about a thousand steps of them: what a detector of ten classes needs to come near what it can
 * (`npm run measure -- scenes-table` has 500 and 1500). Beyond 40 epochs of few pictures there is nothing left to learn.
 */
export const WHOLE_NETWORK: UsualTraining = { epochs: 5, batchSize: 4, steps: 1000, mostEpochs: 40 };

/** How long a detector trains; undefined where the strategy's own length serves. */
export function detectionBudget(strategy: string): UsualTraining | undefined {
  return WHOLE.has(strategy) ? WHOLE_NETWORK : undefined;
}
