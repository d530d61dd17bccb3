import { add, memory, mul, scalar, sum, square, type Scalar } from '@tensorflow/tfjs-core';
import { silentProgress } from '@headstart/artifacts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DiskFeatureStore } from '../../data/disk-feature-store.ts';
import type { TargetData } from '../../domains/target-domain.ts';
import type { ClassificationEvidence, MultiLabelEvidence } from '../../metrics/metric.ts';
import { lossTerm } from '../../network/loss-term.ts';
import { TransferModel } from '../../network/transfer-model.ts';
import { readValues } from '../../network/variable-values.ts';
import { builtIn } from '../../plugins/built-in.ts';
import type { Backend } from '../../ports/backend.ts';
import { RandomStream } from '../../random/random-stream.ts';
import type { EpochInfo, RunEvents } from '../../runs/events.ts';
import type { TransferRequest } from '../../runs/request.ts';
import { planTransfer } from '../../runtime/plan-transfer.ts';
import { linearProbe } from '../../strategies/linear-probe.ts';
import type { Strategy } from '../../strategies/strategy.ts';
import { multiLabelLearning } from '../../tasks/multi-label-learning.ts';
import { oneClassLearning } from '../../tasks/one-class-learning.ts';
import { severalLabels } from '../../tasks/sample-targets.ts';
import type { Task } from '../../tasks/task.ts';
import { plainBackend } from '../../testing/plain-backend.ts';
import { pointDataset, pointPlugin, pointTask } from '../../testing/point-domain.ts';
import { pointSource } from '../../testing/point-net.ts';
import { setUpAlone } from '../../testing/set-up-alone.ts';
import { earlyStopping } from '../early-stopping.ts';
import { EventBus, warningOnce } from '../event-bus.ts';
import { openPlanned } from '../open-planned.ts';
import { runPhase } from '../phase.ts';
import type { Run } from '../run.ts';
import { newRunState } from '../run-state.ts';
import { judge } from '../split-evaluation.ts';
import type { Transfer } from '../transfer.ts';
import { stackKeyOf } from './stackable.ts';
import { trainTogether, type StackedEnd } from './train-together.ts';

/** Sums are added up in another order. */
const SAME = 6;

let backend: Backend;
let root: string;
let store: DiskFeatureStore;
let tensors: number;
beforeAll(async () => {
  backend = await plainBackend();
  root = await mkdtemp(join(tmpdir(), 'headstart-stacked-'));
  store = new DiskFeatureStore(root);
});
afterAll(() => rm(root, { recursive: true }));
beforeEach(() => {
  tensors = memory().numTensors;
});
afterEach(() => {
  expect(memory().numTensors).toBe(tensors);
});

const registries = setUpAlone([builtIn(), pointPlugin()]);

async function transferOf(request: Partial<TransferRequest>, parts: Partial<Transfer> = {}): Promise<Transfer> {
  const services = { backend, registries, artifacts: {} as never, progress: silentProgress };
  const asked = { target: 'points', batchSize: 8, epochs: 6, out: root, split: [30, 60, 10] as const, ...request };
  return { ...(await planTransfer(services, asked)).transfer, ...parts };
}

/** A run as the trainer prepares it. */
async function open(transfer: Transfer, on: Backend = backend): Promise<Run> {
  const random = new RandomStream(transfer.seed);
  const runtime = { artifacts: {} as never, progress: silentProgress };
  const { model, phases, sourceDigest } = await openPlanned(transfer, runtime, random);
  const { task, target, patience, augmentation } = transfer;
  const handlers: Partial<RunEvents>[] =
    patience === undefined ? [] : [{ epochEnd: earlyStopping(task.monitor, patience) }];
  const events = new EventBus(handlers);
  return {
    transfer,
    backend: on,
    store,
    progress: silentProgress,
    signal: new AbortController().signal,
    events,
    metrics: [],
    warnOnce: warningOnce(events),
    random,
    model,
    encoder: task.encoder({ backbone: model.backbone, labels: target.labels, augmentation }),
    phases,
    sourceDigest,
    sourceFiles: [],
    initial: new Map(),
    teacher: undefined,
    state: newRunState(),
    begun: 0,
    checkpoint: undefined,
  };
}

/** The run with its head on another's backbone. */
function on(backbone: Run['model']['backbone'], run: Run): Run {
  run.model.backbone.dispose();
  return { ...run, model: new TransferModel(backbone, run.model.head) };
}

const disposeHead = ({ model }: Run) => model.head.variables.forEach(({ value }) => value.dispose());

type Evidence = ClassificationEvidence | MultiLabelEvidence;

/** What shows whether two ways of training came to the same. */
interface Outcome {
  readonly weights: Map<string, { readonly data: Float32Array }>;
  readonly probabilities: Float32Array;
  readonly history: Run['state']['history'];
  readonly metrics: Readonly<Record<string, number>>;
}

async function alone(transfer: Transfer): Promise<Outcome> {
  const run = await open({ ...transfer, resumable: false });
  try {
    await runPhase(run);
    const judged = await judge(run, transfer.target.splits.test);
    return await outcomeOf(run, judged.metrics, judged.evidence!.evidence as Evidence);
  } finally {
    run.model.dispose();
  }
}

async function outcomeOf({ model, state }: Run, metrics: Outcome['metrics'], evidence: Evidence): Promise<Outcome> {
  const weights = await readValues(model.variables((stage) => stage === 'head'));
  return { weights, probabilities: evidence.probabilities, history: state.history, metrics };
}

async function together(
  transfers: readonly Transfer[],
  backendOf = backend,
): Promise<(Outcome | { error: unknown })[]> {
  const first = await open(transfers[0]!, backendOf);
  const { backbone } = first.model;
  const runs = [first];
  for (const transfer of transfers.slice(1)) runs.push(on(backbone, await open(transfer, backendOf)));
  expect(new Set(runs.map((run) => stackKeyOf(run))).size).toBe(1);
  expect(stackKeyOf(first)).toBeDefined();
  const ends = await trainTogether(runs.map((run) => ({ run, tests: [run.transfer.target.splits.test] })));
  const outcomes: (Outcome | { error: unknown })[] = [];
  for (const [i, end] of ends.entries())
    outcomes.push('error' in end ? end : await outcomeOf(runs[i]!, end.judged[0]!.metrics, evidenceOf(end)));
  runs.forEach(disposeHead);
  backbone.dispose();
  return outcomes;
}

const evidenceOf = (end: Extract<StackedEnd, { judged: unknown }>) => end.judged[0]!.evidence!.evidence as Evidence;

function expectSame(stacked: Outcome | { error: unknown }, single: Outcome): void {
  if ('error' in stacked) throw stacked.error;
  for (const [name, { data }] of single.weights) expectNear(stacked.weights.get(name)!.data, data, name);
  expectNear(stacked.probabilities, single.probabilities, 'probabilities');
  expect(stacked.metrics).toEqual(single.metrics);
  expect(stacked.history).toHaveLength(single.history.length);
  for (const [i, { seconds: _, loss, ...epoch }] of single.history.entries()) {
    const { seconds: _own, loss: own, ...same } = stacked.history[i]!;
    expectNearEpoch(same, epoch);
    expect(own).toBeCloseTo(loss, SAME);
  }
}

/** Alike but for the rounding of the validation loss. */
function expectNearEpoch(
  found: Pick<EpochInfo, 'validation'>,
  { validation, ...expected }: Pick<EpochInfo, 'validation'>,
): void {
  expect(found).toEqual({
    ...expected,
    validation: { ...validation, loss: expect.closeTo(validation!.loss!, SAME) as number },
  });
}

function expectNear(found: Float32Array, expected: Float32Array, what: string): void {
  expect(found.length).toBe(expected.length);
  const furthest = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - found[i]!)), 0);
  expect(furthest, what).toBeLessThanOrEqual(10 ** -SAME);
}

async function expectEachSame(transfers: readonly Transfer[]): Promise<(Outcome | { error: unknown })[]> {
  const stacked = await together(transfers);
  for (const [i, transfer] of transfers.entries()) expectSame(stacked[i]!, await alone(transfer));
  return stacked;
}

const seeds = [0, 1, 2];

describe('runs that are trained together', () => {
  it('each come to what they come to alone, batches of unequal sizes and the best of their epochs included', async () => {
    const transfers = await Promise.all(seeds.map((seed) => transferOf({ seed })));
    expect(transfers[0]!.target.splits.train.length % 8).not.toBe(0);
    const [first, second] = await expectEachSame(transfers);
    expect((first as Outcome).probabilities).not.toEqual((second as Outcome).probabilities);
  });

  it('may differ in shots, rate, decay of weights, smoothing, average and patience', async () => {
    const asked: Partial<TransferRequest>[] = [
      { seed: 0, shots: 4 },
      { seed: 1, shots: 4, learningRate: 0.05 },
      { seed: 2, shots: 6, weightDecay: 0.5 },
      { seed: 3, labelSmoothing: 0.2, learningRate: 0.1 },
      { seed: 4, ema: 0.9 },
      { seed: 5, ema: 0.9, learningRate: 0.02 },
      { seed: 6, patience: 1, epochs: 30, learningRate: 0.3 },
      { seed: 7, patience: 3, epochs: 30, learningRate: 0.003 },
    ];
    const found = (await expectEachSame(await Promise.all(asked.map((each) => transferOf(each))))) as Outcome[];
    const [hasty, patient] = found.slice(6);
    expect(hasty!.history.length).toBeLessThan(patient!.history.length);
  });

  it('may have loss terms of their weights, which see truth, progress and draws of their own', async () => {
    const term = lossTerm({
      name: 'drawn-ridge',
      needs: { weights: true },
      value({ weights, labelled, mode, progress }) {
        const drawn = sum<Scalar>(mode.random!.uniform([3]));
        const size = weights.reduce<Scalar>((all, { value }) => add(all, sum(square(value))), scalar(0));
        return add(mul(mul(size, drawn), add(progress, 0.1)), mul(size, mul(sum(labelled.targets['label']!), 0.01)));
      },
    });
    const strategy: Strategy = {
      ...linearProbe,
      plan: (stages, budget, tuning) =>
        linearProbe.plan(stages, budget, tuning).map((phase) => ({ ...phase, losses: [term] })),
    };
    // The last one is of another size than the others, and a stack by itself.
    const asked: Partial<TransferRequest>[] = [...seeds.map((seed) => ({ seed })), { seed: 3, shots: 4 }];
    await expectEachSame(await Promise.all(asked.map((each) => transferOf(each, { strategy }))));
  });

  it('may weigh classes, as the others do or in another way, and samples', async () => {
    registries.datasets.add('test', 'weighed', {
      ...pointDataset,
      id: 'weighed',
      async load(...args) {
        const data = await pointDataset.load(...args);
        const samples = data.samples.map(({ sample, ...rest }, i) => ({
          ...rest,
          sample: { ...sample, weight: i % 4 },
        }));
        return { ...data, id: 'weighed', samples };
      },
    });
    const asked: Partial<TransferRequest>[] = [
      { seed: 0, classWeights: { up: 5 } },
      { seed: 1, classWeights: { up: 5 } },
      { seed: 2, classWeights: { up: 5, left: 0.5 } },
      { seed: 3, target: 'weighed' },
    ];
    await expectEachSame(await Promise.all(asked.map((each) => transferOf(each))));
  });

  it('smooth labels as their strategy does, unless another smoothing is asked for', async () => {
    const task = { ...pointTask, ...oneClassLearning() } as Task as never;
    const strategy: Strategy = {
      ...linearProbe,
      plan: (...given) => linearProbe.plan(...given).map((phase) => ({ ...phase, labelSmoothing: 0.4 })),
    };
    const asked = [{ seed: 0 }, { seed: 1 }, { seed: 0, labelSmoothing: 0 }];
    const transfers = await Promise.all(asked.map((each) => transferOf(each, { strategy, task })));
    const [smoothed, , sharp] = (await expectEachSame(transfers)) as Outcome[];
    expect(smoothed!.probabilities).not.toEqual(sharp!.probabilities);
  });

  it('may have several labels per sample', async () => {
    const task = {
      ...pointTask,
      ...multiLabelLearning(),
      encoder(options) {
        const truth = severalLabels(options.labels.length);
        return { ...pointTask.encoder(options), targets: truth.specs, target: (sample) => truth.of(sample) };
      },
    } as Task as never;
    const several = (data: TargetData): TargetData => ({
      ...data,
      samples: data.samples.map(({ sample, ...rest }, i) => {
        const { label, ...others } = sample;
        return { ...rest, sample: { ...others, labels: i % 4 === 0 ? [label!, (label! + 1) % 3] : [label!] } };
      }),
    });
    registries.datasets.add('test', 'several', {
      ...pointDataset,
      id: 'several',
      load: async (...args) => several(await pointDataset.load(...args)),
    });
    const transfers = seeds.map((seed) => transferOf({ seed, target: 'several', labelSmoothing: 0.1 }, { task }));
    await expectEachSame(await Promise.all(transfers));
  });

  it('go on when one of them diverges or fails, which is told of that one', async () => {
    const transfers = await Promise.all([
      transferOf({ seed: 0 }),
      transferOf({ seed: 1, learningRate: 1e38 }),
      transferOf({ seed: 2 }),
    ]);
    const [first, second, third] = await together(transfers);
    const error = (second as { error: Error }).error;
    expect(error).toMatchObject({ code: 'diverged' });
    await expect(alone(transfers[1])).rejects.toThrow(error.message);
    expectSame(first!, await alone(transfers[0]));
    expectSame(third!, await alone(transfers[2]));
  });
});

describe('stackKeyOf', () => {
  const keyOf = async (request: Partial<TransferRequest>, parts: Partial<Transfer> = {}) => {
    const run = await open(await transferOf(request, parts));
    const key = stackKeyOf(run);
    run.model.dispose();
    return key;
  };

  it('is one for seeds, shots and rates, and another for another source', async () => {
    const key = await keyOf({});
    expect(key).toBeDefined();
    for (const request of [{ seed: 5 }, { shots: 3 }, { learningRate: 0.1 }, { epochs: 3 }])
      expect(await keyOf(request)).toBe(key);
    expect(await keyOf({}, { source: { ...pointSource, id: 'other' } })).not.toBe(key);
  });

  it('is none where more than a head trains, or on other samples than those that are kept', async () => {
    const others: Partial<TransferRequest>[] = [
      { strategy: 'fine-tune' },
      { strategy: 'lp-ft' },
      { strategy: 'from-scratch' },
      { strategy: 'contrastive' },
      { learningRate: 'auto' },
      { augmentation: 'jitter' },
      { sampling: 'balanced' },
    ];
    for (const request of others) expect(await keyOf(request), JSON.stringify(request)).toBeUndefined();
    expect(await keyOf({}, { task: { ...pointTask, sampleLosses: undefined } })).toBeUndefined();
  });
});
