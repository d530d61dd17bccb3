import { add, mean, mul, softplus, type Scalar, type Tensor2D } from '@tensorflow/tfjs-core';
import type { RegisteredDataset } from '../domains/reader.ts';
import { HEAD } from '../network/head.ts';
import { Dense } from '../network/layers/dense.ts';
import { glorotUniform } from '../network/layers/initialisers.ts';
import { lossTerm } from '../network/loss-term.ts';
import { reverseGradient } from '../network/reverse-gradient.ts';
import { definePlugin } from '../plugins/plugin.ts';
import type { Phase, Strategy } from '../strategies/strategy.ts';
import { pointDataset } from '../testing/point-domain.ts';

/** Tells labelled from unlabelled embeddings, which are trained not to be told apart: Ganin and Lempitsky (2015). */
export const adversary = lossTerm({
  name: 'adversary',
  needs: { embedding: true, unlabelled: true },
  rateMultiplier: 2,
  layers: ({ embedding }) => ({
    discriminator: new Dense({
      name: 'discriminator',
      inputs: embedding,
      outputs: 1,
      initialiser: glorotUniform(embedding, 1),
    }),
  }),
  value({ labelled, unlabelled, layers, progress }) {
    const domainLogits = (x: Tensor2D) => layers.discriminator.forward(reverseGradient(x, progress));
    // Binary cross-entropy of logits: softplus(-z) for ones, softplus(z) for zeros.
    return add(
      mean<Scalar>(softplus(mul(domainLogits(labelled.embedding), -1))),
      mean<Scalar>(softplus(domainLogits(unlabelled.embedding))),
    );
  },
});

export function phase(name: string, epochs: number, trainable: Phase['trainable'], more: Partial<Phase> = {}): Phase {
  return {
    name,
    epochs,
    trainable,
    optimiser: { kind: 'adamw', learningRate: 0.01, weightDecay: 0, clipNorm: 1 },
    schedule: { warmup: 0, decay: 'constant' },
    batchStatistics: false,
    ...more,
  };
}

export const ALL = { lower: 1, upper: 1, [HEAD]: 1 };

/** Trains everything beside the adversary. */
export const adversarial: Strategy = {
  id: 'adversarial',
  description: 'adversarial',
  start: 'source',
  defaults: { epochs: 2, batchSize: 8 },
  plan: (_stages, { epochs }) => [phase('adversarial', epochs, ALL, { losses: [adversary] })],
};

/** The points moved to the side: another domain, with labels that nobody is to look at. */
export const moved: RegisteredDataset = {
  ...pointDataset,
  id: 'moved',
  async load(...args) {
    const data = await pointDataset.load(...args);
    const samples = data.samples.slice(0, 21).map(({ sample }) => {
      const { point } = sample as unknown as { point: [number, number] };
      const other = {
        ...sample,
        id: `moved-${sample.id}`,
        digest: `moved-${sample.digest}`,
        point: [point[0] + 1, point[1]],
      };
      return { sample: other };
    });
    return { ...data, id: 'moved', samples };
  },
};

/** What both bring, as a plugin of somebody else's. */
export const adversarialPlugin = definePlugin({
  name: 'adversarial',
  version: '1.0.0',
  headstart: '*',
  setup({ strategies, datasets }) {
    strategies.add(adversarial);
    datasets.add(moved);
  },
});
