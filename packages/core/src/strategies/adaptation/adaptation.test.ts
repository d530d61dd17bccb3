import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import { argMax, memory, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { BOTTLENECK } from '../../network/bottleneck.ts';
import { HEAD } from '../../network/head.ts';
import { definePlugin } from '../../plugins/plugin.ts';
import type { Backend } from '../../ports/backend.ts';
import type { TransferRequest } from '../../runs/request.ts';
import { createHeadstart } from '../../runtime/create-headstart.ts';
import { DERIVED_CLASSES, neighbourTerm } from '../../adaptation/terms.ts';
import { neighbourOpinions } from '../../adaptation/neighbours.ts';
import { centroidLabels, type Opinions } from '../../adaptation/pseudo-labels.ts';
import { softmaxRows } from '../../metrics/softmax-rows.ts';
import { lossTerm } from '../../network/loss-term.ts';
import { fineTune } from '../fine-tune.ts';
import type { DerivedFrom, DerivedTargets, Strategy } from '../strategy.ts';
import { plainBackend } from '../../testing/plain-backend.ts';
import { pointDataset, pointPlugin, pointTask } from '../../testing/point-domain.ts';
import { elsewhere } from './elsewhere.test.support.ts';
import { agreeingClasses, confidentClasses } from './pseudo-classes.ts';
import { adaptationStrategies as all } from './strategies.ts';

const adaptationStrategies = all.filter(({ sourceFree }) => !sourceFree);

const stages = ['a', 'b', BOTTLENECK].map((name) => ({ name, parameters: 1 }));
const named = (id: string): Strategy => {
  const [name, ...options] = id.split(':');
  const found = adaptationStrategies.find((strategy) => strategy.id === name)!;
  return options.length > 0 ? found.withOptions!(options.join(':')) : found;
};
const termsOf = (id: string) =>
  named(id)
    .plan(stages, { epochs: 8 })
    .map(({ losses = [] }) => losses.map(({ name }) => name));

describe('plans', () => {
  it.each(adaptationStrategies)(
    '$id: trains bottleneck and head on the frozen backbone, in the budget of epochs',
    (strategy) => {
      for (const epochs of [...(strategy.id === 'self-training' ? [] : [1]), 2, 8, 30]) {
        const phases = strategy.plan(stages, { epochs });
        expect(phases.reduce((sum, phase) => sum + phase.epochs, 0)).toBe(epochs);
        for (const phase of phases) {
          expect(phase.trainable).toEqual({ [BOTTLENECK]: 1, [HEAD]: 1 });
          expect(phase.batchStatistics).toEqual([BOTTLENECK]);
          expect(phase.losses!.some(({ needs }) => needs.unlabelled)).toBe(true);
        }
      }
    },
  );

  it('puts other terms beside its own, each once', () => {
    expect(termsOf('cdan:with=mcc+im')).toEqual([['cdan', 'mcc', 'im']]);
    expect(termsOf('mcc:with=mcc+bnm')).toEqual([['mcc', 'bnm']]);
    expect(termsOf('mcc:with=bnm+bnm')).toEqual([['mcc', 'bnm']]);
    expect(termsOf('self-training:rounds=2,with=coral')).toEqual([
      ['adabn', 'coral'],
      ['self-training', 'coral'],
      ['self-training', 'coral'],
    ]);
  });

  it('trains as many of the last stages as are asked for, at the rate that they are advised', () => {
    const tuning = { learningRate: 1e-4, headLearningRate: 1e-3 };
    const trainable = (id: string) => named(id).plan(stages, { epochs: 1 }, tuning)[0]!.trainable;
    expect(Object.keys(trainable('dann:unfreeze=1'))).toEqual(['b', BOTTLENECK, HEAD]);
    expect(trainable('dann:unfreeze=all')).toMatchObject({ a: 0.1, b: 0.1, [BOTTLENECK]: 1, [HEAD]: 1 });
    expect(Object.keys(trainable('dann:unfreeze=0'))).toEqual([BOTTLENECK, HEAD]);
    const pooled = [...stages.slice(0, 2), { name: 'pool', parameters: 0 }, stages[2]!];
    const last = named('dann:unfreeze=1').plan(pooled, { epochs: 1 }, tuning)[0]!.trainable;
    expect(Object.keys(last)).toEqual(['b', BOTTLENECK, HEAD]);
    for (const [network, count] of [
      [stages, 9],
      [stages, 3],
      [pooled, 3],
    ] as const) {
      const plan = () => named(`dann:unfreeze=${count}`).plan(network, { epochs: 1 }, tuning);
      expect(plan).toThrow(
        expect.objectContaining({ code: 'invalid-option', hint: 'Give unfreeze=2 or less, or unfreeze=all.' }),
      );
      expect(plan).toThrow(
        `unfreeze=${count} asks for the last ${count} stages of the network, which has 2 with weights to train (a, b)`,
      );
    }
    const frozen = [{ name: 'frozen', parameters: 0 }, stages[2]!];
    expect(() => named('dann:unfreeze=1').plan(frozen, { epochs: 1 })).toThrow('which has 0 with weights to train.');
  });

  it.each([
    ['cdan:entropy=maybe', 'entropy=maybe'],
    ['cdan:with=nope', 'with=nope: with takes coral, dan, dann, cdan, mcc, mdd, im, bnm, entropy, with + between them'],
    ['cdan:with=constructor', 'with=constructor: with takes coral'],
    ['cdan:with=mcc+', 'with=mcc+: with takes coral'],
    ['dann:weight=-1', 'weight=-1'],
    ['dann:weight=Infinity', 'weight=Infinity'],
    ['mcc:temperature=0', 'temperature=0'],
    ['self-training:threshold=1', 'threshold=1'],
    ['self-training:threshold=1.5', 'threshold=1.5'],
    ['self-training:threshold=-0.1', 'threshold=-0.1'],
    ['self-training:threshold=high', 'threshold=high'],
    ['self-training:rounds=0', 'rounds=0'],
    ['self-training:rounds=1.5', 'rounds=1.5'],
    ['self-training:weight=2', 'weight'],
    ['dann:weight=0', 'weight=0'],
    ['dann:weight=NaN', 'weight=NaN'],
    ['dann:weight=1e-400', 'weight=1e-400'],
    ['dann:weight= ', 'weight= '],
    ['mcc:temperature=-1', 'temperature=-1'],
    ['mdd:gamma=-2', 'gamma=-2'],
    ['mdd:gamma=0', 'gamma=0'],
    ['mdd:earlier=-1', 'earlier=-1'],
    ['mdd:earlier=0.5', 'earlier=0.5'],
    ['mdd:rounds=-1', 'rounds=-1'],
    ['mdd:rounds= ', '"rounds= " is not an option with its value'],
    ['self-training:threshold=\t', 'is not an option with its value'],
    ['cdan:unfreeze=-1', 'unfreeze=-1: unfreeze takes a whole number from 0, or all'],
    ['cdan:unfreeze=most', 'unfreeze=most: unfreeze takes a whole number from 0, or all'],
    ['cdan:unfreeze=1.5', 'unfreeze=1.5: unfreeze takes a whole number from 0, or all'],
    ['cdan:weight=1,weight=2', 'gives weight twice'],
    ['coral:gamma=2', 'gamma'],
    ['mdd:', 'is not an option with its value'],
  ])('%s is refused', (id, message) => {
    expect(() => named(id)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
    expect(() => named(id)).toThrow(message);
  });

  it('joins earlier maps to the last feature where that is asked for, mdd unasked', () => {
    const wanted = (id: string) => named(id).bottleneck;
    expect(wanted('cdan')).toMatchObject({ width: 256, dropout: 0.5, earlier: 0, refusesFewer: false });
    expect(wanted('cdan:earlier=3')).toMatchObject({ earlier: 3, refusesFewer: true });
    expect(wanted('mdd')).toMatchObject({ earlier: 2, refusesFewer: false });
    expect(wanted('mdd:earlier=0')).toMatchObject({ earlier: 0 });
  });

  it('learns in as many rounds as the epochs leave room for, and says where there is none', () => {
    const epochsOf = (id: string, epochs: number) =>
      named(id)
        .plan(stages, { epochs })
        .map((phase) => phase.epochs);
    expect(epochsOf('self-training', 2)).toEqual([1, 1]);
    expect(epochsOf('self-training', 3)).toEqual([1, 1, 1]);
    expect(epochsOf('self-training', 30)).toEqual([8, 7, 7, 8]);
    expect(epochsOf('self-training:rounds=6', 7)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    const refusal = (id: string, epochs: number) => {
      try {
        named(id).plan(stages, { epochs });
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(refusal('self-training', 1)).toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('then in 1 round, which 1 epoch leaves no room for.') as string,
      hint: 'Give --epochs 2 or more.',
    });
    for (const id of ['self-training:rounds=5', 'mdd:rounds=5'])
      expect(refusal(id, 3)).toMatchObject({
        message: expect.stringContaining('then in 5 rounds, which 3 epochs leave no room for.') as string,
        hint: 'Give --epochs 6 or more, or rounds=2 or fewer.',
      });
  });

  it('learns pseudo-labels in rounds of the second half of one phase, mdd unasked', () => {
    const startsOf = (id: string, epochs: number) =>
      named(id)
        .plan(stages, { epochs })
        .map(({ derived }) => derived?.epochs);
    expect(startsOf('mdd', 30)).toEqual([[15, 20, 25]]);
    expect(startsOf('mdd', 73)).toEqual([[37, 49, 61]]);
    expect(startsOf('mdd', 3)).toEqual([[1, 2]]);
    expect(startsOf('mdd:rounds=2', 3)).toEqual([[1, 2]]);
    expect(startsOf('mdd', 1)).toEqual([undefined]);
    expect(startsOf('mdd:rounds=0', 30)).toEqual([undefined]);
    expect(termsOf('mdd:with=mcc')).toEqual([['mdd', 'mcc', 'self-training']]);
    expect(termsOf('mdd:rounds=0')).toEqual([['mdd']]);
    expect(startsOf('cdan', 30)).toEqual([undefined]);
    expect(startsOf('cdan:rounds=3', 30)).toEqual([[15, 20, 25]]);
  });

  it('learns of samples alone that the model is sure of', () => {
    const confident = confidentClasses(0.7);
    expect(confident.specs(['a', 'b'])).toEqual({ classes: { shape: [2], dtype: 'float32' } });
    // softmax(0, 1) is 0.27 and 0.73; softmax(0.5, 0) is 0.62 and 0.38.
    const logits = { shape: [2, 2], data: Float32Array.of(0, 1, 0.5, 0) };
    expect([...confident.derive({ labels: ['a', 'b'], samples: 2, outputs: { logits } })['classes']!]).toEqual([
      0, 1, 0, 0,
    ]);
  });

  it('learns of samples alone whose nearest centroid has the class that the model says', () => {
    // Two towards (1, 0) and two towards (0, 1); of the last the model says the class of the first two, in doubt.
    const embeddings = { shape: [4, 2], data: Float32Array.of(9, 0, 9, 1, 0, 9, 1, 9) };
    const logits = { shape: [4, 2], data: Float32Array.of(9, 0, 9, 0, 0, 9, 0.1, 0) };
    const given = { labels: ['a', 'b'], samples: 4, outputs: { logits }, embeddings };
    expect([...agreeingClasses.derive(given)['classes']!]).toEqual([1, 0, 1, 0, 0, 1, 0, 0]);
  });

  it('tells how many pseudo-labels there are, and of how many classes', () => {
    const summary = (...classes: number[]) =>
      confidentClasses(0.7).summary!({ [DERIVED_CLASSES]: Float32Array.from(classes) }, ['a', 'b', 'c']);
    expect(summary(0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0)).toBe('3 of 4 samples, of 2 of 3 classes');
    expect(summary(0, 0, 0)).toBe('0 of 1 samples, of 0 of 3 classes');
  });

  it('tells of pseudo-labels that there are none of, or that are all of one class', () => {
    const remark = (...classes: number[]) =>
      confidentClasses(0.7).remark!({ [DERIVED_CLASSES]: Float32Array.from(classes) }, ['a', 'b\u001b[2J']);
    expect(remark(0, 0, 0, 0)).toContain('surer than 0.7 of no unlabelled sample');
    expect(remark(0, 0, 0, 0)).toContain('self-training:threshold=0.35');
    expect(remark(0, 1, 0, 0, 0, 1)).toContain('all pseudo-labels are "b\\u001b[2J"');
    expect(remark(0, 1, 0, 0, 1, 0)).toBeUndefined();
    expect(agreeingClasses.remark!({ [DERIVED_CLASSES]: new Float32Array(4) }, ['a', 'b'])).toContain(
      'agree on a class',
    );
  });
});

/** NRC and SHOT's pseudo-labels, as a strategy of somebody else's has them, of which `derived` are the shapes that it was given. */
let derived: number[][] = [];
const neighbourly: Strategy = {
  ...named('adabn'),
  id: 'neighbourly',
  plan: (all, budget) => {
    const [first] = named('adabn').plan(all, { ...budget, epochs: 1 });
    const opinionsOf = ({ samples, outputs, embeddings }: DerivedFrom): Opinions => ({
      samples,
      embeddings: embeddings!.data,
      probabilities: softmaxRows(outputs['logits']!.data, 3),
    });
    return [
      first!,
      {
        ...first!,
        name: 'neighbours',
        epochs: budget.epochs,
        losses: [neighbourTerm({ weight: 0.5 })],
        derived: {
          embeddings: true,
          specs: (labels) => ({ [DERIVED_CLASSES]: { shape: [labels.length], dtype: 'float32' } }),
          derive(given) {
            derived = [[...given.embeddings!.shape], [...centroidLabels(opinionsOf(given))]];
            return { [DERIVED_CLASSES]: neighbourOpinions(opinionsOf(given)) };
          },
        },
      },
    ];
  },
};

/** Classes that are made anew at the beginnings of two epochs: `made` is after how many steps they were. */
const renewal = { steps: 0, made: [] as number[] };
const renewing: Strategy = {
  ...named('mdd'),
  id: 'renewing',
  plan: (all, budget) =>
    named('mdd:rounds=2')
      .plan(all, budget)
      .map((phase) => ({
        ...phase,
        derived: {
          ...phase.derived!,
          derive(given) {
            renewal.made.push(renewal.steps);
            return phase.derived!.derive(given);
          },
        },
      })),
};

/** Labels that the model gives the unlabelled points, learned as if they were known: `seen` is what was asked, batch by batch. */
const seen = { batches: [] as number[], targets: new Set<string>() };
const relabelling: Strategy = {
  ...fineTune,
  id: 'relabelling',
  plan(stages, budget, tuning) {
    const [phase] = fineTune.plan(stages, budget, tuning);
    const term = lossTerm({
      name: 'relabelling',
      needs: { outputs: true, unlabelled: true },
      value({ unlabelled: { outputs, derived } }) {
        Object.keys(derived).forEach((name) => seen.targets.add(name));
        return pointTask.loss(outputs, derived, { labelSmoothing: 0 });
      },
    });
    const guesses: DerivedTargets = {
      byBatch: true,
      specs: () => ({ guess: { shape: [1], dtype: 'float32' } }),
      derive({ samples, outputs, encoded }) {
        seen.batches.push(samples);
        expect(encoded!.samples).toHaveLength(samples);
        const { data } = outputs['logits']!;
        const width = data.length / samples;
        const best = Array.from({ length: samples }, (_, i) => {
          const row = data.subarray(i * width, (i + 1) * width);
          return row.indexOf(Math.max(...row));
        });
        return { guess: Float32Array.from(best) };
      },
      truth: (_sample, { guess }) => ({ label: guess![0]! }),
      summary: ({ guess }, labels) => `${guess!.length} points of ${labels.length} classes`,
      remark: ({ guess }) => `${guess!.length} points were given a label`,
    };
    return [
      { ...phase!, name: 'first' },
      { ...phase!, name: 'again', losses: [term], derived: guesses },
    ];
  },
};

/** The task with a way of its own to adapt, which stands in for `self-training`. */
const ownWay: Strategy = {
  ...relabelling,
  id: 'self-training',
  withOptions: (text) => ({ ...ownWay, id: `self-training:${text}` }),
};

const extra = definePlugin({
  name: 'elsewhere',
  version: '1.0.0',
  headstart: '*',
  setup({ datasets, tasks, strategies }) {
    strategies.add(neighbourly);
    strategies.add(relabelling);
    strategies.add(renewing);
    tasks.add({ ...pointTask, id: 'own-way', adaptation: { strategy: 'self-training', strategies: [ownWay] } });
    datasets.add(elsewhere('elsewhere', 0));
    datasets.add(elsewhere('elsewhere-test', 1));
    datasets.add({
      ...pointDataset,
      id: 'one',
      load: async (...args) => {
        const data = await pointDataset.load(...args);
        return { ...data, id: 'one', samples: data.samples.slice(0, 1) };
      },
    });
    datasets.add({
      ...pointDataset,
      id: 'copies',
      load: async (...args) => {
        const data = await pointDataset.load(...args);
        return { ...data, id: 'copies', samples: Array.from({ length: 9 }, () => data.samples[0]!) };
      },
    });
    datasets.add({
      ...pointDataset,
      id: 'open',
      load: async (...args) => ({ ...(await elsewhere('open', 0).load(...args)), labels: ['up', 'down', 'left'] }),
    });
    tasks.add({ ...pointTask, id: 'no-classes', weighsClasses: undefined });
  },
});

let backend: Backend;
let root: string;
let count = 0;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-adaptation-'));
});
afterAll(() => rm(root, { recursive: true }));
const compose = () =>
  createHeadstart({ backend, plugins: [pointPlugin(), extra()], cacheRoot: join(root, `cache-${count++}`) });
const request = (more: Partial<TransferRequest> = {}): TransferRequest => ({
  target: 'points',
  adapt: 'elsewhere',
  strategy: 'adabn',
  epochs: 30,
  batchSize: 16,
  seed: 4,
  out: join(root, `run-${count++}`),
  ...more,
});

describe('a model that adapted', () => {
  it('is right of the other domain where one that did not is wrong, and loads with its bottleneck', async () => {
    const headstart = await compose();
    const accuracyOf = async (more: Partial<TransferRequest>) => {
      const tensors = memory().numTensors;
      const { model: directory } = await headstart.train(request(more));
      const model = await headstart.load(directory);
      const { metrics } = await model.evaluate('elsewhere-test', { split: 'test' });
      model.dispose();
      expect(memory().numTensors).toBe(tensors);
      return metrics.values['accuracy']!;
    };
    const plain = await accuracyOf({ strategy: 'linear-probe', adapt: undefined });
    const adapted = await accuracyOf({});
    expect(plain).toBeLessThan(0.7);
    expect(adapted).toBeGreaterThan(plain + 0.2);
  });

  it('is refused batches of one sample, which have no statistics to normalise by', async () => {
    const headstart = await compose();
    await expect(headstart.train(request({ batchSize: 1, epochs: 2 }))).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringContaining('a batch of 1 sample has none') as string,
    });
    const alone = await headstart.train(
      request({ strategy: 'linear-probe', adapt: undefined, batchSize: 1, epochs: 1 }),
    );
    expect(alone.chosen).toHaveLength(1);
  });

  it('keeps the last epoch, says inductive, and what is trained on it keeps the bottleneck', async () => {
    const headstart = await compose();
    const first = await headstart.train(request({ epochs: 2, split: [20, 60, 20] }));
    expect(first).toMatchObject({ setting: 'inductive', samples: { unlabelled: 45 } });
    expect(first.chosen[0]).toMatchObject({ epoch: 2, by: 'last' });
    const card = async (directory: string) =>
      JSON.parse(await readFile(join(directory, 'model.json'), 'utf8')) as object;
    const bottleneck = { width: 256, dropout: 0.5 };
    // What it knows is the domain that it adapted to.
    expect(await card(first.model)).toMatchObject({ bottleneck, known: { of: 'unlabelled', samples: 45 } });
    for (const strategy of ['linear-probe', 'dann']) {
      const adapt = strategy === 'dann' ? 'elsewhere' : undefined;
      const second = await headstart.train(request({ epochs: 1, strategy, adapt, source: `model:${first.model}` }));
      expect(await card(second.model)).toMatchObject({ bottleneck });
      (await headstart.load(second.model)).dispose();
    }
  });

  it('is exported with its bottleneck, and answers the same there', async () => {
    const headstart = await compose();
    const { model: directory } = await headstart.train(request({ epochs: 2 }));
    const model = await headstart.load(directory);
    const points = ['5,5', '8,2', '2,2', '6,4'];
    const answers = await model.predict(points);
    const files = await model.export('tfjs', join(root, 'exported'));
    model.dispose();
    const graph = await loadGraphModel(pathToFileURL(files.find((file) => file.endsWith('model.json'))!).href, {
      fetchFunc: async (url: unknown) => new Response(await readFile(new URL(String(url)))),
    });
    const labels = tidy(() => {
      const logits = graph.predict({
        point: tensor2d(points.map((point) => point.split(',').map(Number))),
      }) as Tensor2D;
      return [...argMax(logits, 1).dataSync()].map((label) => ['up', 'right', 'left'][label]);
    });
    graph.dispose();
    expect(labels).toEqual(answers);
  });

  it('hears what a strategy derives of its embeddings', async () => {
    const headstart = await compose();
    const { chosen } = await headstart.train(request({ strategy: 'neighbourly', epochs: 3 }));
    expect(chosen.map(({ of }) => of)).toEqual([1, 3]);
    expect(derived[0]).toEqual([45, 256]);
    expect(derived[1]).toHaveLength(45);
  });

  it('learns what was derived as the truth of samples, as the encoder gives it, and is the same in pieces', async () => {
    const warnings: string[] = [];
    const summaries: unknown[] = [];
    const events = {
      warning: (message: string) => void warnings.push(message),
      derived: (targets: unknown) => void summaries.push(targets),
    };
    const asked = request({ strategy: 'relabelling', epochs: 2, augmentation: 'jitter' });
    seen.batches = [];
    seen.targets.clear();
    const whole = await (await compose()).train(asked, { events });
    // 45 points, 32 at a time; the encoder's own targets, not the derived ones.
    expect(seen.batches).toEqual([32, 13]);
    expect([...seen.targets]).toEqual(['label']);
    expect(warnings).toContain('Phase "again": 45 points were given a label');
    expect(summaries).toEqual([{ phase: 'again', summary: '45 points of 3 classes' }]);

    const out = join(root, `run-${count++}`);
    const stop = new AbortController();
    let steps = 0;
    // 63 labelled points in batches of 16: four steps an epoch, eight a phase, so that it stops in the second.
    const stopping = { step: () => void (++steps === 10 && stop.abort()) };
    await expect(
      (await compose()).train({ ...asked, out }, { events: stopping, signal: stop.signal }),
    ).rejects.toMatchObject({ code: 'interrupted' });
    seen.batches = [];
    const resumed = await (await compose()).resume(out);
    expect(seen.batches).toEqual([]);
    const weights = (model: string) => readFile(join(model, 'weights.safetensors'));
    expect((await weights(resumed.model)).equals(await weights(whole.model))).toBe(true);
  });

  it('makes targets anew at the epochs that are named, and is the same in pieces', async () => {
    const weights = (model: string) => readFile(join(model, 'weights.safetensors'));
    const asked = request({ strategy: 'renewing', epochs: 4 });
    const stepping = (at: number, stop: AbortController) => {
      Object.assign(renewal, { steps: 0, made: [] });
      return { step: () => void (++renewal.steps === at && stop.abort()) };
    };
    const whole = await (await compose()).train(asked, { events: stepping(-1, new AbortController()) });
    // 63 labelled points in batches of 16: four steps an epoch; rounds begin with the third and the fourth of four epochs.
    expect(renewal.made).toEqual([8, 12]);

    // Within an epoch of the first round, and at the end of the one before the second.
    for (const [at, rest] of [
      [10, [12]],
      [12, [12]],
      [5, [8, 12]],
    ] as const) {
      const out = join(root, `run-${count++}`);
      const stop = new AbortController();
      await expect(
        (await compose()).train({ ...asked, out }, { events: stepping(at, stop), signal: stop.signal }),
      ).rejects.toMatchObject({ code: 'interrupted' });
      renewal.made = [];
      const events = { step: () => void (renewal.steps += 1) };
      const resumed = await (await compose()).resume(out, { events });
      expect(renewal.made).toEqual(rest);
      expect((await weights(resumed.model)).equals(await weights(whole.model))).toBe(true);
    }
    // Without rounds the outcome is another.
    const plain = await (await compose()).train({ ...asked, strategy: 'mdd:rounds=0', out: join(root, 'no-rounds') });
    expect((await weights(plain.model)).equals(await weights(whole.model))).toBe(false);
  });

  it('adapts in the ways of its task, by default in the one that the task names', async () => {
    const headstart = await compose();
    const adapting = (more: Partial<TransferRequest>) =>
      headstart
        .train(request({ task: 'own-way', epochs: 1, ...more }))
        .then(({ strategy, chosen }) => [strategy, chosen.length]);
    expect(await adapting({ strategy: undefined })).toEqual(['self-training', 2]);
    // The registered one knows no such option.
    expect(await adapting({ strategy: 'self-training:doubt=0.2' })).toEqual(['self-training:doubt=0.2', 2]);
    await expect(headstart.train(request({ strategy: 'self-training:doubt=0.2' }))).rejects.toMatchObject({
      code: 'invalid-option',
    });
    await expect(adapting({ strategy: 'nobodys-training' })).rejects.toMatchObject({ code: 'unknown-name' });
  });

  it('adapts by the strategy for it where none is named', async () => {
    const headstart = await compose();
    const choices: string[] = [];
    const { strategy } = await headstart.train(request({ epochs: 1, strategy: undefined }), {
      events: { choice: ({ what, value, why }) => void (what === 'strategy' && choices.push(`${value}: ${why}`)) },
    });
    expect(strategy).toBe('mdd');
    expect(choices).toEqual(['mdd: default for point-classification with samples to adapt to']);
  });

  it('has classes of the other domain said that are not learned', async () => {
    const choices: string[] = [];
    const headstart = await compose();
    await headstart.train(request({ adapt: 'open', epochs: 1 }), {
      events: { choice: ({ what, why }) => void (what === 'adapt' && choices.push(why)) },
    });
    expect(choices).toEqual([
      'data set open; their labels are ignored; open set: there is no labelled sample of their down',
    ]);
  });

  it.each<[string, Partial<TransferRequest>, string, string]>([
    ['no unlabelled samples', { adapt: undefined }, 'invalid-option', 'learns from unlabelled samples'],
    ['one of them', { adapt: 'one' }, 'target-too-small', 'There is one sample to adapt to in one'],
    ['copies of one', { adapt: 'copies' }, 'target-too-small', 'one sample to adapt to in copies, 9 times'],
    ['the labelled ones again', { adapt: 'points' }, 'invalid-option', 'are labelled samples of points'],
    ['a task without classes', { task: 'no-classes' }, 'not-supported', 'adapts classifiers of samples with one class'],
  ])('%s: refused', async (_, more, code, message) => {
    const headstart = await compose();
    const before = memory().numTensors;
    await expect(headstart.train(request({ epochs: 1, ...more }))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
    expect(memory().numTensors).toBe(before);
  });
});
