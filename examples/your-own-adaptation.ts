/**
 * A strategy of your own that adapts to samples without labels: reviews of products are labelled, those of films are
 * not. A discriminator learns to tell the two by their embeddings; through a reversed gradient the encoder learns that it
 * cannot (domain-adversarial training: Ganin et al., 2016, arXiv 1505.07818), so that what the head learned of the
 * one kind holds for the other.
 */
import { openBackend } from '@headstart/backend';
import { HEAD, createHeadstart, definePlugin, lossTerm, type Strategy } from '@headstart/core';
import { Dense, glorotUniform, reverseGradient } from '@headstart/core/network';
import nlp from '@headstart/nlp';
import { add, mean, mul, neg, sigmoid, softplus, sub, type Scalar, type Tensor } from '@tensorflow/tfjs-core';

const adversary = lossTerm({
  name: 'domain adversary',
  needs: { embedding: true, unlabelled: true },
  layers: ({ embedding }) => ({
    discriminator: new Dense({
      name: 'discriminator',
      inputs: embedding,
      outputs: 1,
      initialiser: glorotUniform(embedding, 1),
    }),
  }),
  value({ labelled, unlabelled, layers: { discriminator }, progress }) {
    // From 0 to 1 over the phase, so that the discriminator learns first (section 5.2.2 of the paper).
    const strength = sub<Scalar>(mul(sigmoid(mul(progress, 10)), 2), 1);
    const judged = (embedding: Tensor) => discriminator.forward(reverseGradient(embedding, strength));
    const labelledAsOnes = mean<Scalar>(softplus(neg(judged(labelled.embedding))));
    return add(labelledAsOnes, mean<Scalar>(softplus(judged(unlabelled.embedding))));
  },
});

const adversarial: Strategy = {
  id: 'adversarial',
  description: 'Train the last stages on labelled samples so that unlabelled ones look the same',
  start: 'source',
  defaults: { epochs: 3, batchSize: 16 },
  plan: (stages, { epochs, learningRate = 1e-3, weightDecay = 0.01 }) => [
    {
      name: 'adapt',
      epochs,
      trainable: { ...Object.fromEntries(stages.slice(-2).map(({ name }) => [name, 0.1])), [HEAD]: 1 },
      optimiser: { kind: 'adamw', learningRate, weightDecay, clipNorm: 1 },
      schedule: { warmup: 0.1, decay: 'cosine' },
      losses: [adversary],
      batchStatistics: false,
    },
  ],
};

const plugin = definePlugin({
  name: 'headstart-adversarial',
  version: '1.0.0',
  headstart: '^0.1',
  setup: ({ strategies }) => strategies.add(adversarial),
});

const headstart = await createHeadstart({ backend: await openBackend(), plugins: [nlp(), plugin()] });
const request = { target: 'sentiment-amazon', source: 'minilm-l6', strategy: 'adversarial', shots: 40, seed: 1 };
const { model, metrics } = await headstart.train({ ...request, adapt: 'sentiment-imdb' });
const trained = await headstart.load(model);
const films = await trained.evaluate('sentiment-imdb', { split: 'all' });
console.log(`reviews of products, labelled: accuracy ${metrics.test!.accuracy!.toFixed(3)}`);
console.log(`reviews of films, without labels: accuracy ${films.metrics.values.accuracy!.toFixed(3)}`);
console.log(`the model is in ${model}`);
await headstart.close();
