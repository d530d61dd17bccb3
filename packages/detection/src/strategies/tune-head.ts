import { HEAD, type Strategy } from '@headstart/core';

/**
 * Trains a detector's head with the convolutions below its last ones: the backbone's last stage that has
 * weights, NanoDet's towers. All before it stays frozen, its maps are computed once per view.
 */
export const tuneHead: Strategy = {
  id: 'tune-head',
  description: 'Train the head and the last stage before it, on cached features of the rest',
  start: 'source',
  defaults: { epochs: 30, batchSize: 16 },
  plan(stages, { epochs, learningRate = 1e-3, weightDecay = 0.05 }) {
    const last = stages.findLast(({ parameters }) => parameters > 0);
    return [
      {
        name: 'tune the head',
        epochs,
        trainable: { ...(last && { [last.name]: 1 }), [HEAD]: 1 },
        optimiser: { kind: 'adamw', learningRate, weightDecay, clipNorm: 1 },
        schedule: { warmup: 0.1, decay: 'cosine' },
        batchStatistics: false,
      },
    ];
  },
};
