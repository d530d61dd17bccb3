import { HEAD, type Strategy } from '@headstart/core';
import { decorrelation } from './decorrelation.ts';

/** What the penalty counts beside the task's loss. */
const WEIGHT = 0.1;

/** Fits the head to the frozen features, then trains every stage at a tenth of the head's rate with the loss term. */
export const strategy: Strategy = {
  id: 'your-name',
  description: 'Fit the head, then train all stages with features that are kept from being correlated',
  start: 'source',
  defaults: { epochs: 5, batchSize: 16 },
  plan(stages, { epochs, learningRate = 3e-3, weightDecay = 0.05 }) {
    const optimiser = { kind: 'adamw', learningRate, weightDecay, clipNorm: 1 } as const;
    const schedule = { warmup: 0.1, decay: 'cosine' } as const;
    return [
      {
        name: 'head',
        epochs: 10,
        trainable: { [HEAD]: 1 },
        optimiser,
        schedule,
        batchStatistics: false,
        fitHead: true,
      },
      {
        name: 'all',
        epochs,
        trainable: { ...Object.fromEntries(stages.map(({ name }) => [name, 0.1])), [HEAD]: 1 },
        optimiser,
        schedule,
        losses: [decorrelation(WEIGHT)],
        batchStatistics: false,
      },
    ];
  },
};
