import { cosinePairLoss } from '../network/contrastive-losses.ts';
import { adamw, evenRates, probeEpochs, probePhase, USUAL_RATES, WARM_UP_AND_COSINE } from './defaults.ts';
import { lossTerm } from '../network/loss-term.ts';
import type { Strategy } from './strategy.ts';

/** The cosine pair loss of the embeddings, whatever the head says of them. */
const pairs = lossTerm({
  name: 'cosine of pairs',
  needs: { embedding: true, groups: true },
  replacesTaskLoss: true,
  value: ({ labelled: { embedding, groups } }) => cosinePairLoss(embedding, groups),
});

/**
 * Few-shot learning in SetFit's way (Tunstall et al., 2022, arXiv 2209.11055): the backbone learns to put samples
 * of one label close together and others apart, then a head is fitted on the features that it gives. Pairs
 * are those within a batch: an epoch computes each sample once, however many pairs there could be.
 */
export const contrastive: Strategy = {
  id: 'contrastive',
  description: 'Learn from few samples: draw those of one label together, then fit the head',
  start: 'source',
  defaults: { epochs: 20, batchSize: 16 },
  plan: (stages, budget, tuning = USUAL_RATES) => [
    {
      name: 'contrast',
      epochs: budget.epochs,
      trainable: evenRates(stages, 1),
      optimiser: adamw(tuning.learningRate, budget, 0.01),
      schedule: WARM_UP_AND_COSINE,
      losses: [pairs],
      batchStatistics: false,
    },
    probePhase({ weightDecay: budget.weightDecay }, probeEpochs(budget), tuning),
  ],
};
