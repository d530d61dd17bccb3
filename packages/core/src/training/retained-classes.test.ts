import {
  abs,
  add,
  dispose,
  max,
  memory,
  mean,
  mul,
  slice,
  squaredDifference,
  sub,
  tensor2d,
  tidy,
  type Scalar,
} from '@tensorflow/tfjs-core';
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RegisteredDataset } from '../domains/reader.ts';
import type { TargetData } from '../domains/target-domain.ts';
import type { TransferModel } from '../network/transfer-model.ts';
import { lossTerm } from '../network/loss-term.ts';
import { loadModel } from '../models/load-model.ts';
import { definePlugin } from '../plugins/plugin.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import type { Headstart } from '../runtime/headstart.ts';
import { silentProgress } from '@headstart/artifacts';
import type { Backend } from '../ports/backend.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointDataset, pointPlugin, pointTask, type PointSample } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import type { Task } from '../tasks/task.ts';
import type { TransferRequest } from '../runs/request.ts';
import { fineTune } from '../strategies/fine-tune.ts';

/** The source that a test takes, to hold what the teacher says to it; by how much they differed at most. */
let source: TransferModel | undefined;
let difference = 0;
let taught = 0;
/** Whether the loss leaves out what the source says. */
let deaf = false;

/** Points in classes, of which those of the source are kept by the distance of their logits. The targets hold the point as it was seen. */
const keeping: Task<PointSample, string> = {
  ...pointTask,
  id: 'keeping',
  check: () => {},
  encoder(options) {
    const encoder = pointTask.encoder(options);
    const seen = ({ point }: PointSample, shift: () => number) => Float32Array.from(point, (each) => each + shift());
    const drawn = ({ random }: { random: { child(name: string): { normal(): number } } }) => {
      const draws = random.child('jitter');
      return () => 0.1 * draws.normal();
    };
    return {
      ...encoder,
      targets: { ...encoder.targets, seen: { shape: [2], dtype: 'float32' } },
      encode: async (sample, view) => ({ point: seen(sample, view.kind === 'plain' ? () => 0 : drawn(view)) }),
      target: (sample, view) => ({
        ...encoder.target(sample, view),
        seen: seen(sample, view.kind === 'plain' ? () => 0 : drawn(view)),
      }),
    };
  },
  keepClasses: (known, options) =>
    lossTerm({
      name: 'kept classes',
      needs: { outputs: true, teacher: true },
      replacesTaskLoss: true,
      value({ labelled: { outputs, targets, teacher } }) {
        const own = pointTask.loss(outputs, targets, options);
        if (deaf) return own;
        const said = teacher['logits']!;
        if (source) {
          const expected = tidy(() => source!.forward({ point: targets['seen']! })['logits']!);
          difference = Math.max(
            difference,
            tidy(() => max(abs(sub(said, expected))).dataSync()[0]!),
          );
          taught += 1;
        }
        const [learned, distilled] = [outputs['logits']!, said].map((logits) =>
          slice(logits, [0, 0], [-1, known.length]),
        );
        return add<Scalar>(own, mul(mean(squaredDifference(learned!, distilled!)), 10));
      },
    }),
};

/** The points of some classes, under other names perhaps. */
function some(
  id: string,
  names: Readonly<Record<string, string>>,
  alter: (data: TargetData) => TargetData = (data) => data,
): RegisteredDataset {
  return {
    ...pointDataset,
    id,
    task: 'keeping',
    async load(...args) {
      const data = await pointDataset.load(...args);
      const labels = Object.values(names);
      const numbers = data.labels.map((label) => Object.keys(names).indexOf(label));
      const samples = data.samples
        .filter(({ sample }) => numbers[sample.label!]! >= 0)
        .map(({ sample }) => ({ sample: { ...sample, label: numbers[sample.label!]! } }));
      return alter({ ...data, id, labels, samples });
    },
  };
}

const extra = definePlugin({
  name: 'extra',
  version: '1.0.0',
  headstart: '*',
  setup({ tasks, datasets, sources, strategies }) {
    tasks.add(keeping);
    strategies.add({
      ...fineTune,
      id: 'smoothing',
      plan: (...given) => fineTune.plan(...given).map((phase) => ({ ...phase, labelSmoothing: 0.3 })),
    });
    datasets.add(some('two', { up: 'up', right: 'right' }));
    datasets.add(some('third', { left: 'left' }));
    datasets.add(some('shared', { right: 'RIGHT', left: 'left' }));
    datasets.add(some('twice', { right: 'RIGHT', left: 'right' }));
    datasets.add(some('all', { left: 'left', up: 'Up', right: 'right' }));
    // The third class to train on; all of them to test.
    datasets.add(
      some('tested', { left: 'left', up: 'up', right: 'right' }, (data) => ({
        ...data,
        samples: data.samples
          .map(({ sample }, i) => ({ sample, split: i % 2 === 0 ? ('test' as const) : ('train' as const) }))
          .filter(({ sample, split }) => split === 'test' || sample.label === 0),
      })),
    );
    sources.add({ ...pointSource, id: 'other', modality: 'sound' });
  },
});

let backend: Backend;
let root: string;
let headstart: Headstart;
let old: string;
let count = 0;
const folder = () => join(root, `run-${count++}`);
const compose = () =>
  createHeadstart({ backend, plugins: [pointPlugin(), extra()], cacheRoot: join(root, `cache-${count++}`) });
const extend = (request: Partial<TransferRequest> = {}): TransferRequest => ({
  target: 'third',
  source: `model:${old}`,
  keepClasses: true,
  strategy: 'linear-probe',
  epochs: 2,
  batchSize: 8,
  seed: 1,
  out: folder(),
  ...request,
});
const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));
const cardOf = async (directory: string) =>
  JSON.parse(await readFile(join(directory, 'model.json'), 'utf8')) as Record<string, never>;

beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-retained-'));
  headstart = await compose();
  old = (
    await headstart.train({
      target: 'two',
      strategy: 'fine-tune',
      epochs: 8,
      learningRate: 0.03,
      batchSize: 8,
      seed: 1,
      out: folder(),
    })
  ).model;
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(() => {
  source = undefined;
  [difference, taught] = [0, 0];
});

const parts = {
  howToGet: () => ({ hint: '' }),
  source: (id: string) => headstart.sources().find(({ value }) => value.id === id)!.value,
  task: () => keeping as Task,
};

describe('keeping the classes of the source', () => {
  it.each<[string, Partial<TransferRequest>]>([
    ['the head trains on cached features', { strategy: 'linear-probe' }],
    ['it trains on cached views', { strategy: 'linear-probe', augmentation: 'jitter', views: 3 }],
    ['everything trains', { strategy: 'fine-tune', augmentation: 'jitter' }],
    ['more and more stages train', { strategy: 'gradual-unfreeze', augmentation: 'jitter', epochs: 4 }],
    ['the head trains, then everything', { strategy: 'lp-ft', ema: 0.9, learningRate: 'auto' }],
    ['adapters train', { strategy: 'lora:1' }],
  ])('hears of each batch what the source says of it where %s, and leaves no tensor behind', async (_what, request) => {
    const before = memory().numTensors;
    ({ model: source } = await loadModel(old, parts, { artifacts: {} as never, progress: silentProgress }));
    const { model } = await headstart.train(extend(request));
    expect(taught).toBeGreaterThan(4);
    expect(difference).toBeLessThan(1e-5);
    source.dispose();
    source = undefined;
    expect(memory().numTensors).toBe(before);
    expect(await cardOf(model)).toMatchObject({
      labels: ['up', 'right', 'left'],
      kept: ['up', 'right'],
      source: { id: `model:${old}`, origin: 'point-net' },
    });
  });

  it('smooths no label that nobody asks to be smoothed', async () => {
    const smoothing = async (request: Partial<TransferRequest>) => {
      const plan = await headstart.plan(extend({ strategy: 'smoothing', ...request }));
      return plan.phases.map(({ labelSmoothing }) => labelSmoothing);
    };
    expect(await smoothing({})).toEqual([0]);
    expect(await smoothing({ keepClasses: false })).toEqual([0.3]);
    expect(await smoothing({ labelSmoothing: 0.2 })).toEqual([0.2]);
  });

  it('keeps what the source says, which training without it changes', async () => {
    const read = async (directory: string) =>
      (await loadModel(directory, parts, { artifacts: {} as never, progress: silentProgress })).model;
    const teacher = await read(old);
    const change = async (directory: string) => {
      const model = await read(directory);
      const points = tensor2d(Array.from({ length: 50 }, (_, i) => [-2 + Math.sin(i), -1 + Math.cos(3 * i)]));
      const told = tidy(
        () =>
          squaredDifference(
            slice(model.forward({ point: points })['logits']!, [0, 0], [-1, 2]),
            teacher.forward({ point: points })['logits']!,
          )
            .mean()
            .dataSync()[0]!,
      );
      dispose([points]);
      model.dispose();
      return told;
    };
    // No validation, by which the first epoch would do: of one class alone, all are predicted right.
    const tuned = { strategy: 'fine-tune', epochs: 40, learningRate: 0.02, split: [80, 0, 20] as const };
    const kept = await change((await headstart.train(extend(tuned))).model);
    deaf = true;
    const forgotten = await change((await headstart.train(extend(tuned))).model);
    deaf = false;
    teacher.dispose();
    expect(kept).toBeLessThan(forgotten / 10);
  });

  it('learns again what the data show of the source’s classes, and keeps what they only test', async () => {
    const shared = await headstart.train(extend({ target: 'shared' }));
    expect(await cardOf(shared.model)).toMatchObject({ labels: ['up', 'right', 'left'], kept: ['up'] });
    const tested = await headstart.train(extend({ target: 'tested' }));
    expect(await cardOf(tested.model)).toMatchObject({ kept: ['up', 'right'] });
    expect(tested.samples).toMatchObject({ test: 45 });
    const model = await headstart.load(shared.model);
    expect((await model.evaluate('shared')).split).toBe('test'); // of the data that it was trained on, though their labels are others
    model.dispose();
  });

  it('reports how many', async () => {
    const choices: string[] = [];
    await headstart.train(extend({ target: 'shared' }), {
      events: { choice: ({ what, value }) => void choices.push(`${what}: ${value}`) },
    });
    expect(choices).toContain('classes: 1 kept, 2 learned');
  });

  it.each<[string, Partial<TransferRequest>, number[]]>([
    ['the head', { strategy: 'linear-probe', augmentation: 'jitter', views: 2 }, [1, 3]],
    ['the head, then everything', { strategy: 'lp-ft', ema: 0.8, augmentation: 'jitter' }, [5, 60, 2]],
  ])('resumes to the same bytes: %s', async (_what, request, steps) => {
    const whole = await headstart.train(extend(request));
    const out = folder();
    for (const [piece, stopAt] of [...steps, Infinity].entries()) {
      const stop = new AbortController();
      let done = 0;
      const options = { signal: stop.signal, events: { step: () => void (++done === stopAt && stop.abort()) } };
      const again = await compose();
      await (piece === 0 ? again.train(extend({ ...request, out }), options) : again.resume(out, options)).catch(
        (error: { code?: string }) => expect(error.code).toBe('interrupted'),
      );
    }
    expect((await weightsOf(out)).equals(await weightsOf(whole.model))).toBe(true);
  });

  it.each<[string, Partial<TransferRequest>, string, RegExp]>([
    ['a source without classes of its own', { source: 'point-net' }, 'not-supported', /"point-net" has no classes/],
    ['random weights', { strategy: 'from-scratch' }, 'invalid-option', /"from-scratch" starts from random weights/],
    [
      'a task that cannot',
      { task: 'point-classification' },
      'not-supported',
      /"point-classification" cannot learn new classes beside/,
    ],
    [
      'two new classes that are one of the source',
      { target: 'twice' },
      'label-invalid',
      /"RIGHT" and "right" both mean "right"/,
    ],
  ])('is refused for %s', async (_what, request, code, message) => {
    const before = memory().numTensors;
    await expect(headstart.train(extend(request))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
    expect(memory().numTensors).toBe(before);
  });
});

describe('a trained model as a source', () => {
  it('goes on from its weights, and what comes of it needs no other folder', async () => {
    const first = folder();
    await cp(old, first, { recursive: true });
    const { model } = await headstart.train(extend({ source: `model:${first}`, strategy: 'fine-tune', epochs: 1 }));
    const second = await headstart.train(extend({ source: `model:${model}`, target: 'shared', epochs: 1 }));
    expect(await cardOf(second.model)).toMatchObject({
      source: { id: `model:${model}`, origin: 'point-net' },
      labels: ['up', 'right', 'left'],
      kept: ['up'],
    });
    await rename(first, `${first}-moved`);
    await rename(model, `${model}-moved`);
    const loaded = await headstart.load(second.model);
    expect(await loaded.predict(['0,2'])).toHaveLength(1);
    loaded.dispose();
  });

  it('may also start another task’s labels, without its head', async () => {
    const { model } = await headstart.train({
      target: 'points',
      source: `model:${old}`,
      strategy: 'linear-probe',
      epochs: 1,
      out: folder(),
    });
    expect(await cardOf(model)).toMatchObject({ labels: ['up', 'right', 'left'], source: { origin: 'point-net' } });
    expect(await cardOf(model)).not.toHaveProperty('kept');
    const scratch = await headstart.train({
      target: 'points',
      source: `model:${old}`,
      strategy: 'from-scratch',
      epochs: 1,
      out: folder(),
    });
    expect(scratch.source).toBe(`model:${old}`);
  });

  it.each<[string, string, string]>([
    ['nowhere', 'model-invalid', 'model.json is missing'],
    ['', 'invalid-option', 'names no folder'],
  ])('is refused for model:%s', async (rest, code, message) => {
    await expect(headstart.train({ target: 'points', source: `model:${rest}`, out: folder() })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message) as string,
    });
  });

  it('is reported where its folder is given without the scheme', async () => {
    await expect(headstart.train({ target: 'points', source: old, out: folder() })).rejects.toMatchObject({
      code: 'unknown-name',
      hint: `It is the folder of a trained model: give it as model:${old}`,
    });
  });
});
