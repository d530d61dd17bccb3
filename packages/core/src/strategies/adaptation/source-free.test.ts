import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memory } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coralTerm } from '../../adaptation/terms.ts';
import type { RegisteredDataset } from '../../domains/reader.ts';
import { readModel } from '../../models/model-directory.ts';
import { BOTTLENECK } from '../../network/bottleneck.ts';
import { PREDICTION_CRITERIA } from '../../options/criteria.ts';
import { definePlugin } from '../../plugins/plugin.ts';
import type { TransferRequest } from '../../runs/request.ts';
import { createHeadstart } from '../../runtime/create-headstart.ts';
import type { Headstart } from '../../runtime/headstart.ts';
import { plainBackend } from '../../testing/plain-backend.ts';
import { pointDataset, pointPlugin, pointTask } from '../../testing/point-domain.ts';
import { refusalOf } from '../../testing/refusal-of.ts';
import { elsewhere } from './elsewhere.test.support.ts';
import { centroidClasses } from './pseudo-classes.ts';
import { shot } from './shot.ts';
import { tent } from './tent.ts';

const stages = ['a', 'b', 'pool'].map((name) => ({ name, parameters: name === 'pool' ? 0 : 1 }));
const bottleneck = { name: BOTTLENECK, parameters: 1, batchNorm: 1 };
const tuning = { learningRate: 1e-4, headLearningRate: 1e-3 };

describe('the plan of shot', () => {
  it.each([
    ['shot', [...stages, bottleneck], { [BOTTLENECK]: 1 }],
    ['shot', stages, { b: 0.1 }],
    ['shot:unfreeze=1', [...stages, bottleneck], { b: 0.1, [BOTTLENECK]: 1 }],
    ['shot:unfreeze=all', stages, { a: 0.1, b: 0.1 }],
  ])('%s trains what is below the head, and normalises it by batches', (id, given, trainable) => {
    const strategy = id === 'shot' ? shot : shot.withOptions!(id.slice('shot:'.length));
    const phases = strategy.plan(given, { epochs: 7 }, tuning);
    expect(phases.map(({ epochs }) => epochs)).toEqual([1, 1, 2, 1, 2]);
    for (const phase of phases) {
      expect(phase.trainable).toEqual(trainable);
      expect(phase.batchStatistics).toEqual(Object.keys(trainable));
      expect(phase.losses!.map(({ name }) => name)).toEqual(['im', 'self-training']);
      expect(phase.losses!.every(({ needs }) => needs.labelled === false)).toBe(true);
    }
  });

  it.each([
    ['unfreeze=0', 'unfreeze=0'],
    ['rounds=0', 'rounds=0'],
    ['weight=-1', 'weight=-1'],
    ['with=dann', 'with takes mcc, im, bnm, entropy'],
  ])('%s is refused', (options, message) => {
    expect(() => shot.withOptions!(options)).toThrow(message);
  });

  it('has as many rounds as the epochs leave room for, and refuses more that are asked for', () => {
    const rounds = (options: string, epochs: number) =>
      shot.withOptions!(options)
        .plan(stages, { epochs }, tuning)
        .map((phase) => phase.epochs);
    expect(rounds('weight=1', 3)).toEqual([1, 1, 1]);
    expect(rounds('rounds=2', 3)).toEqual([1, 2]);
    expect(() => rounds('rounds=4', 3)).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        hint: 'Give --epochs 4 or more, or rounds=3 or fewer.',
      }) as Error,
    );
  });

  it('gives each sample the class of its nearest centroid', () => {
    // Two clouds of directions; the third sample is sure of the class of the other cloud than the one that it lies in.
    const embeddings = { shape: [4, 2], data: Float32Array.of(9, 0, 8, 1, 9, 1, 0, 9) };
    const logits = { shape: [4, 2], data: Float32Array.of(3, 0, 3, 0, 0, 1, 0, 3) };
    const derived = centroidClasses.derive({ labels: ['a', 'b'], samples: 4, outputs: { logits }, embeddings });
    expect([...derived['classes']!]).toEqual([1, 0, 1, 0, 1, 0, 0, 1]);
  });
});

describe('the plan of tent', () => {
  it('trains batch norms alone, of every stage that has some', () => {
    const [phase] = tent.plan([{ name: 'a', parameters: 9, batchNorm: 2 }, ...stages, bottleneck], { epochs: 1 });
    expect(phase).toMatchObject({ only: 'batch-norm', trainable: { a: 1, [BOTTLENECK]: 1 } });
    expect(phase!.batchStatistics).toEqual(['a', BOTTLENECK]);
  });

  it('is refused where there is none', () => {
    expect(() => tent.plan(stages, { epochs: 1 })).toThrow(
      expect.objectContaining({ code: 'not-supported', message: expect.stringContaining('has none') as string }),
    );
  });
});

/** The labelled points as those of another data set, so that there is something to adapt to before the other domain is known. */
const nearby: RegisteredDataset = {
  ...pointDataset,
  id: 'nearby',
  load: async (...args) => {
    const data = await pointDataset.load(...args);
    const samples = data.samples.map(({ sample }) => ({ sample: { ...sample, digest: `nearby-${sample.digest}` } }));
    return { ...data, id: 'nearby', samples };
  },
};
/** The other domain's points without a label among them, under the name of those with labels. */
const unlabelled: RegisteredDataset = {
  ...elsewhere('unlabelled', 0),
  load: async (...args) => {
    const data = await elsewhere('elsewhere', 0).load(...args);
    const samples = data.samples.map(({ sample }) => ({ sample: { ...sample, label: undefined } }));
    return { ...data, labels: [], samples };
  },
};
const one: RegisteredDataset = {
  ...pointDataset,
  id: 'one',
  load: async (...args) => {
    const data = await pointDataset.load(...args);
    return { ...data, id: 'one', samples: data.samples.slice(0, 1) };
  },
};

const extra = definePlugin({
  name: 'elsewhere',
  version: '1.0.0',
  headstart: '*',
  setup({ datasets, tasks, strategies }) {
    for (const dataset of [elsewhere('elsewhere', 0), elsewhere('elsewhere-test', 1), nearby, unlabelled, one])
      datasets.add(dataset);
    tasks.add({ ...pointTask, id: 'no-classes', weighsClasses: undefined });
    strategies.add({
      ...shot,
      id: 'looks-at-labels',
      plan: (...given) => shot.plan(...given).map((phase) => ({ ...phase, losses: [coralTerm()] })),
    });
  },
});

let folder: string;
let headstart: Headstart;
let count = 0;
/** Models of the labelled points: with a bottleneck, without one, and of no classes. */
const models = { bottleneck: '', probe: '', none: '' };
const out = () => join(folder, `run-${count++}`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headstart-source-free-'));
  const plugins = [pointPlugin(), extra()];
  headstart = await createHeadstart({ backend: await plainBackend(), plugins, cacheRoot: join(folder, 'cache') });
  const trained = async (more: Partial<TransferRequest>) =>
    (await headstart.train({ target: 'points', epochs: 30, batchSize: 16, seed: 4, out: out(), ...more })).model;
  models.bottleneck = await trained({ strategy: 'bottleneck-probe' });
  models.probe = await trained({ strategy: 'linear-probe', standalone: true });
  models.none = await trained({ strategy: 'linear-probe', task: 'no-classes', epochs: 1 });
});
afterAll(async () => {
  await headstart.close();
  await rm(folder, { recursive: true });
});

const asked = (more: Partial<TransferRequest> = {}): TransferRequest => ({
  target: 'elsewhere',
  source: `model:${models.bottleneck}`,
  strategy: 'shot',
  epochs: 30,
  batchSize: 16,
  seed: 4,
  out: out(),
  ...more,
});
const accuracyOf = async (directory: string) => {
  const model = await headstart.load(directory);
  const { metrics } = await model.evaluate('elsewhere-test', { split: 'test' });
  model.dispose();
  return metrics.values['accuracy']!;
};
const weightsOf = async (directory: string) => {
  const { weights } = await readModel(directory);
  return new Map([...weights].map(([name, { data }]) => [name, [...data]]));
};
/** The names of the weights in which two models differ. */
async function changed(before: string, after: string): Promise<string[]> {
  const [first, second] = [await weightsOf(before), await weightsOf(after)];
  return [...second].flatMap(([name, values]) => (String(first.get(name)) === String(values) ? [] : [name])).sort();
}

describe('a trained model that adapts to unlabelled samples alone', () => {
  it('is right where it was wrong, keeps its head and classes, and says what it learned from', async () => {
    const tensors = memory().numTensors;
    const { model, samples, metrics, setting, task, target } = await headstart.train(asked());
    expect(memory().numTensors).toBe(tensors);
    expect({ samples, metrics, setting, task, target }).toEqual({
      samples: { train: 0, validation: 0, test: 0, unlabelled: 45 },
      metrics: {},
      setting: undefined,
      task: 'point-classification',
      target: 'elsewhere',
    });
    expect(await accuracyOf(model)).toBeGreaterThan((await accuracyOf(models.bottleneck)) + 0.2);
    const differing = await changed(models.bottleneck, model);
    expect(differing.filter((name) => !name.startsWith(`${BOTTLENECK}/`) && !name.startsWith('known'))).toEqual([]);
    expect(differing).toContain(`${BOTTLENECK}/dense.weight`);
  });

  it('looks at no label: those of the samples make no difference', async () => {
    const [with_, without] = [out(), out()];
    await headstart.train(asked({ epochs: 3, out: with_ }));
    await headstart.train(asked({ epochs: 3, out: without, target: 'unlabelled' }));
    expect(await readFile(join(without, 'weights.safetensors'))).toEqual(
      await readFile(join(with_, 'weights.safetensors')),
    );
  });

  it('adapts the last stage of a model without a bottleneck', async () => {
    const { model } = await headstart.train(asked({ source: `model:${models.probe}`, standalone: true }));
    const stages = new Set((await changed(models.probe, model)).map((name) => name.split('/')[0]));
    expect([...stages]).toContain('upper');
    expect([...stages]).not.toContain('head');
    expect(await accuracyOf(model)).toBeGreaterThan(await accuracyOf(models.probe));
  });

  it('by tent moves batch norms and nothing else', async () => {
    const { model } = await headstart.train(
      asked({ source: `model:${models.probe}`, strategy: 'tent', epochs: 2, standalone: true }),
    );
    const differing = (await changed(models.probe, model)).filter((name) => !name.startsWith('known'));
    expect(differing).toEqual(
      ['lower', 'upper'].flatMap((stage) => ['beta', 'gamma', 'mean', 'variance'].map((each) => `${stage}/${each}`)),
    );
  });

  it('says what ways without labelled samples would have kept', async () => {
    const { selection } = await headstart.train(asked({ epochs: 2, strategy: 'shot:rounds=1' }));
    expect(selection).toMatchObject([{ by: 'last', would: { last: { epoch: 2 } } }]);
    expect(Object.keys(selection![0]!.would)).toEqual(['last', ...PREDICTION_CRITERIA]);
  });

  it.each<[string, () => Partial<TransferRequest>, string, string]>([
    ['no source', () => ({ source: undefined }), 'invalid-option', 'no source is named'],
    ['a published source', () => ({ source: 'point-net' }), 'invalid-option', 'the source "point-net" is none'],
    ['samples to adapt to beside the target', () => ({ adapt: 'nearby' }), 'invalid-option', 'both a target and'],
    ['another task', () => ({ task: 'no-classes' }), 'invalid-option', 'the task asked for is "no-classes"'],
    ['a model of no classes', () => ({ source: `model:${models.none}` }), 'not-supported', 'one class each'],
    ['one sample', () => ({ target: 'one' }), 'target-too-small', 'There is one sample to adapt to'],
    ['an option about labels', () => ({ labelSmoothing: 0.1 }), 'invalid-option', '"labelSmoothing" is about labelled'],
    ['shots', () => ({ shots: 3 }), 'invalid-option', '"shots" is about labelled'],
    ['a choice by labels', () => ({ select: 'source-validation' }), 'invalid-option', 'labelled validation samples'],
    ['a term that looks at labels', () => ({ strategy: 'looks-at-labels' }), 'plugin-invalid', 'loss term "coral"'],
  ])('%s: refused', async (_, more, code, message) => {
    const tensors = memory().numTensors;
    await refusalOf(headstart.train(asked({ epochs: 1, ...more() })), code, message);
    expect(memory().numTensors).toBe(tensors);
  });
});
