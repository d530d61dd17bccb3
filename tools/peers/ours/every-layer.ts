import { HEAD, RandomStream, type Strategy } from '@headstart/core';
import type { Job } from '../job.ts';

/** The head that every contestant starts from. */
export const headRandom = () => new RandomStream('peers').child(HEAD);

/** AdamW at one rate for all layers, or for those stages and the head. */
export function everyLayer({ learningRate, weightDecay, clipNorm, batch }: Job, only?: readonly string[]): Strategy {
  return {
    id: 'peers',
    description: 'Every layer that trains at the same constant rate',
    start: 'source',
    defaults: { epochs: 1, batchSize: batch },
    plan: (stages, { epochs }) => [
      {
        name: 'train',
        epochs,
        trainable: Object.fromEntries([...(only ?? stages.map(({ name }) => name)), HEAD].map((name) => [name, 1])),
        optimiser: { kind: 'adamw', learningRate, weightDecay, clipNorm },
        schedule: { warmup: 0, decay: 'constant' },
        batchStatistics: false,
      },
    ],
  };
}
