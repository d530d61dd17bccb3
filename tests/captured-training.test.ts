import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '@headstart/backend';
import { createHeadstart, definePlugin, HEAD, lossTerm, type RunEvents, type TransferRequest } from '@headstart/core';
import { eagerStep, type Backend } from '@headstart/core/backend';
import { pointDomain, pointPlugin } from '@headstart/core/testing';
import { Dense, glorotUniform, reverseGradient } from '@headstart/core/network';
import { add, mean, memory, neg, softplus, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let captured: Backend;
let eager: Backend;
let root: string;
let runs = 0;
const warnings: string[] = [];
const note = ({ message }: Error) => void warnings.push(message);

beforeAll(async () => {
  // oneDNN fuses a bias into a product, which rounds differently; without it nothing does.
  process.env.TF_ENABLE_ONEDNN_OPTS = '0';
  root = await mkdtemp(join(tmpdir(), 'headstart-captured-'));
  captured = await openBackend({ prefer: 'libtensorflow', device: 'cpu', capture: true });
  eager = { ...captured, compile: eagerStep };
  process.on('warning', note);
});
afterAll(async () => {
  process.off('warning', note);
  await captured.close();
  await rm(root, { recursive: true });
});

/** A strategy of somebody else's: a loss term with unlabelled samples, layers of its own and a schedule. */
const adversary = lossTerm({
  name: 'adversary',
  needs: { embedding: true, unlabelled: true },
  layers: ({ embedding: inputs }) => ({
    judge: new Dense({ name: 'judge', inputs, outputs: 1, initialiser: glorotUniform(inputs, 1) }),
  }),
  value({ labelled, unlabelled, layers: { judge }, progress }) {
    const judged = (embedding: Tensor) => judge.forward(reverseGradient(embedding, progress));
    return add(
      mean<Scalar>(softplus(neg(judged(labelled.embedding)))),
      mean<Scalar>(softplus(judged(unlabelled.embedding))),
    );
  },
});
const adversarial = definePlugin({
  name: 'adversarial',
  version: '1.0.0',
  headstart: '*',
  setup({ strategies, datasets }) {
    datasets.add({
      id: 'others',
      modality: 'point',
      description: 'The points under other digests: as if they were others',
      licence: 'Apache-2.0',
      task: 'point-classification',
      async load() {
        const { target } = pointDomain();
        const samples = target.samples.map(({ sample }) => ({
          sample: { ...sample, digest: `other-${sample.digest}` },
        }));
        return { ...target, id: 'others', samples };
      },
    });
    strategies.add({
      id: 'adversarial',
      description: 'Everything, beside an adversary',
      start: 'source',
      defaults: { epochs: 1, batchSize: 8 },
      plan: (_stages, { epochs, learningRate = 0.01 }) => [
        {
          name: 'adversarial',
          epochs,
          trainable: { lower: 1, upper: 1, [HEAD]: 1 },
          optimiser: { kind: 'adamw', learningRate, weightDecay: 0, clipNorm: 1 },
          schedule: { warmup: 0.1, decay: 'cosine' },
          losses: [adversary],
          batchStatistics: false,
        },
      ],
    });
  },
});

const ADAPTING = /^(adversarial|adabn|coral|dan|dann|cdan|mcc|mdd|self-training)\b/;

const compose = (backend: Backend) =>
  createHeadstart({ backend, plugins: [pointPlugin(), adversarial()], cacheRoot: join(root, `cache-${++runs}`) });
const request = (more: Partial<TransferRequest>): TransferRequest => ({
  target: 'points',
  seed: 3,
  batchSize: 8,
  out: join(root, `run-${++runs}`),
  ...more,
});
const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));

/** A run's losses, the metrics of its epochs, its own metrics and weights. */
async function train(backend: Backend, more: Partial<TransferRequest>) {
  const headstart = await compose(backend);
  const losses: number[] = [];
  const validation: unknown[] = [];
  const { model, metrics } = await headstart.train(request(more), {
    events: { step: ({ loss }) => void losses.push(loss), epochEnd: (epoch) => void validation.push(epoch.validation) },
  });
  return { losses, validation, metrics, weights: await weightsOf(model) };
}

/** The captured backend, with its steps counted: those alive, and how often one was run in JavaScript, which is when it is recorded. */
function counting() {
  const counts = { alive: 0, recordings: 0 };
  const backend: Backend = {
    ...captured,
    compile(step, options) {
      counts.alive += 1;
      const compiled = captured.compile((...args: Parameters<typeof step>) => {
        counts.recordings += 1;
        return step(...args);
      }, options);
      const dispose = () => {
        counts.alive -= 1;
        compiled.dispose();
      };
      return Object.assign((...args: Parameters<typeof step>) => compiled(...args), { dispose });
    },
  };
  return { backend, counts };
}

describe('training with captured steps', () => {
  it.each([
    'linear-probe',
    'fine-tune',
    'gradual-unfreeze',
    'lp-ft',
    'l2-sp',
    'lora:1',
    'contrastive',
    'from-scratch',
    'adversarial',
    'adabn',
    'coral:form=deep',
    'dan',
    'dann',
    'cdan',
    'mcc',
    'mdd',
    'self-training:threshold=0.3,rounds=2',
    'coral:with=bnm+im+entropy,unfreeze=1',
  ])('%s gives the losses, metrics and weights of the same steps run op by op, bit for bit', async (strategy) => {
    const tensors = memory().numTensors;
    const settings = {
      strategy,
      ...(ADAPTING.test(strategy) && { adapt: 'others' }),
      epochs: 10,
      learningRate: 0.02,
      ema: 0.9,
      labelSmoothing: 0.1,
    };
    const actual = await train(captured, settings);
    const expected = await train(eager, settings);
    expect(actual.losses.length).toBeGreaterThanOrEqual(50);
    expect(actual.losses).toEqual(expected.losses);
    expect(actual.validation).toEqual(expected.validation);
    expect(actual.metrics).toEqual(expected.metrics);
    expect(actual.weights.equals(expected.weights)).toBe(true);
    expect(memory().numTensors).toBe(tensors);
    expect(warnings).toEqual([]);
  });

  it('records what a phase evaluates with once, however many epochs it has, and lets go of it at its end', async () => {
    const recordings = async (epochs: number) => {
      const { backend, counts } = counting();
      const tensors: number[] = [];
      const events: Partial<RunEvents> = { epochEnd: () => void tensors.push(captured.memory().tensors) };
      await (await compose(backend)).train(request({ strategy: 'fine-tune', epochs, ema: 0.9, learningRate: 0.02 }), {
        events,
      });
      expect(tensors).toEqual(new Array(epochs).fill(tensors[0]));
      expect(counts.alive).toBe(0);
      return counts.recordings;
    };
    expect(await recordings(8)).toBe(await recordings(1));
  });

  it('resumes to the same bytes', async () => {
    const settings = { strategy: 'gradual-unfreeze', epochs: 3, ema: 0.9, augmentation: 'jitter', checkpointEvery: 1 };
    const whole = await train(captured, settings);
    for (const stopAt of [1, 9, 20]) {
      const out = join(root, `interrupted-${stopAt}`);
      const stop = new AbortController();
      let steps = 0;
      const events: Partial<RunEvents> = { step: () => void (++steps === stopAt && stop.abort()) };
      const running = (await compose(captured)).train(request({ ...settings, out }), { events, signal: stop.signal });
      await expect(running).rejects.toMatchObject({ code: 'interrupted' });
      await (await compose(captured)).resume(out);
      expect((await weightsOf(out)).equals(whole.weights), `stopped at step ${stopAt}`).toBe(true);
    }
  });
});
