import { mean, memory, mul, relu, scalar, sigmoid, square, sub, sum, type Scalar } from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import { HEAD } from '../network/head.ts';
import { lossTerm, type LossTerm } from '../network/loss-term.ts';
import { definePlugin } from '../plugins/plugin.ts';
import type { Backend } from '../ports/backend.ts';
import type { RunEvents } from '../runs/events.ts';
import type { TransferRequest } from '../runs/request.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import type { DerivedFrom, Phase, Strategy } from '../strategies/strategy.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { ALL, adversarialPlugin, adversary, moved, phase } from './adversarial.test.support.ts';
import { pointDataset, pointPlugin, pointTask } from '../testing/point-domain.ts';
import type { Task } from '../tasks/task.ts';

/** What the terms of a test were given, for it to look at. */
let seen: { derived: number[][]; progress: number[]; rows: [number, number][] };

/** Learns the unlabelled samples' derived classes, and notes what it is given. */
const pseudo = lossTerm({
  name: 'pseudo',
  needs: { outputs: true, unlabelled: true },
  value({ labelled, unlabelled, progress }) {
    seen.progress.push(progress.dataSync()[0]!);
    seen.rows.push([labelled.outputs['logits']!.shape[0], unlabelled.outputs['logits']!.shape[0]]);
    const wanted = unlabelled.derived['class']!;
    seen.derived.push([...wanted.dataSync()]);
    return mean(square(sub(sigmoid(unlabelled.outputs['logits']!), wanted)));
  },
});

let derivations: DerivedFrom[] = [];

function strategy(id: string, phases: (epochs: number) => Phase[]): Strategy {
  const defaults = { epochs: 2, batchSize: 8 };
  return { id, description: id, start: 'source', defaults, plan: (_stages, { epochs }) => phases(epochs) };
}

const withTerm = (id: string, ...losses: LossTerm[]) => strategy(id, (epochs) => [phase(id, epochs, ALL, { losses })]);

/** Whether a label may be asked for no more: from the run's first step on. */
let strict = false;

/** The moved points, of which a label that is asked for fails the test. */
const watched: RegisteredDataset = {
  ...moved,
  id: 'watched',
  async load(...args) {
    const data = await moved.load(...args);
    const samples = data.samples.map(({ sample }) => ({
      sample: Object.defineProperty({ ...sample }, 'label', {
        enumerable: true,
        get() {
          if (strict) throw new Error('The label of an unlabelled sample was asked for.');
          return 0;
        },
      }),
    }));
    return { ...data, id: 'watched', samples };
  },
};

const gazing: Task = {
  ...pointTask,
  id: 'gazing',
  encoder(options) {
    const encoder = pointTask.encoder(options);
    return {
      ...encoder,
      target(sample, view) {
        if (sample.id.startsWith('moved')) throw new Error('The target of an unlabelled sample was asked for.');
        return encoder.target(sample as never, view as never);
      },
      encode: (sample, view) => encoder.encode(sample as never, view as never),
    };
  },
};

const extra = definePlugin({
  name: 'extra',
  version: '1.0.0',
  headstart: '*',
  setup({ strategies, datasets, tasks }) {
    datasets.add(watched);
    datasets.add({
      ...pointDataset,
      id: 'sounds',
      modality: 'sound',
      load: async (...args) => ({ ...(await pointDataset.load(...args)), modality: 'sound' }),
    });
    tasks.add(gazing);
    strategies.add(
      strategy('pseudo-labelling', (epochs) => [
        phase('labelled', epochs, { [HEAD]: 1 }),
        phase('pseudo', epochs, ALL, {
          losses: [pseudo, adversary],
          derived: {
            specs: (labels) => ({ class: { shape: [labels.length], dtype: 'float32' } }),
            derive(given) {
              derivations.push(given);
              const { logits } = given.outputs;
              return { class: logits!.data.map((value) => (value > 0 ? 1 : 0)) };
            },
          },
        }),
      ]),
    );
    strategies.add(
      withTerm(
        'halved',
        lossTerm({
          name: 'half',
          needs: { features: ['vector'] },
          value: ({ labelled }) => mul(mean<Scalar>(labelled.features['vector']!), 0),
        }),
      ),
    );
    strategies.add(
      withTerm('unknown-feature', lossTerm({ name: 'lost', needs: { features: ['nope'] }, value: () => scalar(0) })),
    );
    strategies.add(withTerm('twice', pseudo, pseudo));
    strategies.add(
      withTerm(
        'vector',
        lossTerm({
          name: 'vector',
          needs: { embedding: true },
          value: ({ labelled }) => sum<never>(labelled.embedding, 1),
        }),
      ),
    );
    strategies.add(withTerm('nothing', lossTerm({ name: 'nothing', needs: {}, value: () => undefined as never })));
    strategies.add(
      withTerm('constant', lossTerm({ name: 'constant', needs: {}, replacesTaskLoss: true, value: () => scalar(1) })),
    );
    strategies.add(withTerm('settled', peak('first')));
    strategies.add(withTerm('unsettled', peak('second')));
    strategies.add(withTerm('taught', lossTerm({ name: 'taught', needs: { teacher: true }, value: () => scalar(0) })));
    const rivals = ['first', 'second'].map((name) =>
      lossTerm({ name, needs: { outputs: true }, replacesTaskLoss: true, value: () => scalar(0) }),
    );
    strategies.add(withTerm('rivals', ...rivals));
    strategies.add(
      strategy('short', (epochs) => [
        phase('short', epochs, ALL, {
          losses: [pseudo],
          derived: {
            specs: () => ({ class: { shape: [3], dtype: 'float32' } }),
            derive: () => ({ class: new Float32Array(5) }),
          },
        }),
      ]),
    );
    strategies.add(
      strategy('unread', (epochs) => [
        phase('unread', epochs, ALL, { derived: { specs: () => ({}), derive: () => ({}) } }),
      ]),
    );
  },
});

let backend: Backend;
let root: string;
let count = 0;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-loss-terms-'));
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(() => {
  seen = { derived: [], progress: [], rows: [] };
  derivations = [];
  strict = false;
});

const compose = () =>
  createHeadstart({
    backend,
    plugins: [pointPlugin(), adversarialPlugin(), extra()],
    cacheRoot: join(root, `cache-${count++}`),
  });
const request = (strategyId: string, more: Partial<TransferRequest> = {}): TransferRequest => ({
  target: 'points',
  adapt: 'moved',
  strategy: strategyId,
  epochs: 2,
  batchSize: 8,
  seed: 4,
  out: join(root, `run-${count++}`),
  ...more,
});
const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));

/** Huge in the middle of one half of a phase, and nothing else: no gradient flows through it. */
const peak = (half: 'first' | 'second') =>
  lossTerm({
    name: 'peak',
    needs: {},
    value: ({ progress }) => {
      const from = half === 'first' ? 0 : 0.5;
      return mul(1e7, relu(mul(sub(progress, from), sub(from + 0.5, progress)))).asScalar();
    },
  });

describe('a loss term with unlabelled samples and a layer of its own', () => {
  it('is given a batch of each kind, each in an order of its own, and how far the phase is', async () => {
    const headstart = await compose();
    await headstart.train(request('pseudo-labelling'));
    const [, ...steps] = seen.progress; // the first is of the check before the run, on one blank sample
    // 63 labelled samples in batches of 8: eight steps per epoch, two epochs.
    expect(steps).toHaveLength(16);
    steps.forEach((progress, step) => expect(progress).toBeCloseTo(step / 16, 6));
    expect(seen.rows[0]).toEqual([1, 1]);
    // The last batch of labelled samples is smaller; unlabelled ones come round again.
    expect(seen.rows.slice(1).map(([labelled]) => labelled)).toEqual([8, 8, 8, 8, 8, 8, 8, 7, 8, 8, 8, 8, 8, 8, 8, 7]);
    expect(seen.rows.slice(1).every(([, unlabelled]) => unlabelled === 8)).toBe(true);
  });

  it('is trained with the model and changes it; nothing of it is saved, and no tensor is left', async () => {
    const headstart = await compose();
    const before = memory().numTensors;
    const adapted = await headstart.train(request('adversarial', { learningRate: 'auto', ema: 0.9 }));
    expect(memory().numTensors).toBe(before);
    expect((await weightsOf(adapted.model)).includes('adversary')).toBe(false);
    const plain = await headstart.train(request('halved', { adapt: undefined }));
    expect((await weightsOf(adapted.model)).equals(await weightsOf(plain.model))).toBe(false);
  });

  it('never has a look at what is known of the unlabelled samples', async () => {
    const headstart = await compose();
    const choices: string[] = [];
    strict = true;
    await headstart.train(request('pseudo-labelling', { adapt: 'watched', task: 'gazing', augmentation: 'jitter' }), {
      events: { choice: ({ what, value, why }) => void (what === 'adapt' && choices.push(`${value}: ${why}`)) },
    });
    expect(choices).toEqual(['21 samples of watched: data set watched; their labels are ignored']);
  });

  it.each<[string, Partial<TransferRequest>, number[]]>([
    ['adversarial', { ema: 0.8 }, [1, 7, 4]],
    ['adversarial', { learningRate: 'auto', augmentation: 'jitter' }, [9]],
    ['pseudo-labelling', {}, [10, 12, 3]],
    ['pseudo-labelling', { augmentation: 'jitter', patience: 1 }, [17, 1]],
  ])('%s resumes to the same bytes: %o', async (id, more, pieces) => {
    const whole = await (await compose()).train(request(id, more));
    const out = join(root, `run-${count++}`);
    for (const [piece, stopAt] of [...pieces, Infinity].entries()) {
      const headstart = await compose();
      const stop = new AbortController();
      let done = 0;
      const events: Partial<RunEvents> = { step: () => void (++done === stopAt && stop.abort()) };
      const options = { signal: stop.signal, events };
      await (piece === 0
        ? headstart.train({ ...request(id, more), out }, options)
        : headstart.resume(out, options)
      ).catch((error: { code?: string }) => expect(error.code).toBe('interrupted'));
    }
    expect((await weightsOf(out)).equals(await weightsOf(whole.model))).toBe(true);
  });

  it('derives targets once, from what the phase before left, and is given those of each batch', async () => {
    const headstart = await compose();
    await headstart.train(request('pseudo-labelling'));
    expect(derivations).toHaveLength(1);
    const [{ samples, outputs, labels }] = derivations as [DerivedFrom];
    expect([samples, labels, outputs['logits']!.shape]).toEqual([21, ['up', 'right', 'left'], [21, 3]]);
    const rows = new Set(
      Array.from({ length: 21 }, (_, i) =>
        [...outputs['logits']!.data.slice(3 * i, 3 * i + 3)].map((value) => (value > 0 ? 1 : 0)).join(),
      ),
    );
    const given = seen.derived
      .slice(1)
      .flatMap((batch) => Array.from({ length: 8 }, (_, i) => batch.slice(3 * i, 3 * i + 3).join()));
    expect(new Set(given)).toEqual(rows);
    expect(seen.derived[0]).toEqual([0, 0, 0]); // the check before the run
  });
});

describe('refused', () => {
  it.each<[string, Partial<TransferRequest>, string, string]>([
    [
      'adversarial',
      { adapt: undefined },
      'invalid-option',
      'The strategy "adversarial" learns from unlabelled samples (loss term "adversary"), and none were given.',
    ],
    [
      'adversarial',
      { adapt: 'sounds' },
      'not-supported',
      'sounds, are sound data; the task "point-classification" is about point data',
    ],
    [
      'linear-probe',
      {},
      'invalid-option',
      'The strategy "linear-probe" learns nothing from unlabelled samples, and some were given.',
    ],
    ['adversarial', { adapt: 'movd' }, 'target-not-found', 'no registered data set is called "movd"'],
    [
      'unknown-feature',
      { adapt: undefined },
      'plugin-invalid',
      'the loss term "lost", which asks for the feature "nope"; the source offers vector',
    ],
    ['twice', {}, 'plugin-invalid', 'two loss terms of the name "pseudo"'],
    [
      'rivals',
      { adapt: undefined },
      'plugin-invalid',
      `more than one loss term in place of the task's loss: "first", "second"`,
    ],
    [
      'vector',
      { adapt: undefined },
      'plugin-failed',
      'strategy "vector", loss term "vector": it gave a tensor of shape [1] where a scalar is needed, one number per batch.',
    ],
    [
      'nothing',
      { adapt: undefined },
      'plugin-failed',
      'strategy "nothing", loss term "nothing": it gave undefined where a scalar is needed, one number per batch.',
    ],
    ['constant', { adapt: undefined }, 'plugin-invalid', 'trains the head by the loss term "constant"'],
    ['taught', { adapt: undefined }, 'not-supported', 'The source "point-net" has no head of its own'],
    [
      'unread',
      {},
      'plugin-invalid',
      'The phase "unread" derives targets of unlabelled samples, and none of its loss terms learns from these.',
    ],
    [
      'short',
      {},
      'plugin-failed',
      'The strategy "short" derived 5 values as "class" of 21 unlabelled samples, where [21, 3] float32 numbers are needed.',
    ],
  ])('%s, %o', async (id, more, code, message) => {
    const headstart = await compose();
    const before = memory().numTensors;
    await expect(headstart.train(request(id, more))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
    expect(memory().numTensors).toBe(before);
  });
});

describe('a loss that is a number that no model has', () => {
  it('is forgiven to an epoch that is not kept', async () => {
    const losses: number[] = [];
    const events = { epochEnd: ({ loss }: { loss: number }) => void losses.push(loss) };
    await (await compose()).train(request('settled', { adapt: undefined, split: [80, 0, 20] }), { events });
    expect(losses[0]).toBeGreaterThan(10_000);
    expect(losses[1]).toBeLessThan(10);
  });

  it('is not that of the epoch that is kept', async () => {
    await expect(
      (await compose()).train(request('unsettled', { adapt: undefined, split: [80, 0, 20] })),
    ).rejects.toMatchObject({ code: 'diverged', hint: expect.stringContaining('--learning-rate') as string });
  });
});
