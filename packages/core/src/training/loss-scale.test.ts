import {
  memory,
  mul,
  ones,
  scalar,
  sum,
  tensor,
  tensor1d,
  tidy,
  variable,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTransferModel } from '../models/open-transfer-model.ts';
import { readValues } from '../network/variable-values.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { Backend } from '../ports/backend.ts';
import { createHeadstart } from '../runtime/create-headstart.ts';
import { fineTune } from '../strategies/fine-tune.ts';
import { lossTerm } from '../network/loss-term.ts';
import type { Phase } from '../strategies/strategy.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { pointPlugin, pointTask } from '../testing/point-domain.ts';
import { pointSource } from '../testing/point-net.ts';
import { keepOnlyIf, LossScale } from './loss-scale.ts';
import { PhaseRun } from './phase-run.ts';
import type { TransferRequest } from '../runs/request.ts';

let root: string;
let plain: Backend;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'headstart-loss-scale-'));
  // It computes in float32 whatever is asked for: what differs is the scaling alone.
  plain = { ...(await plainBackend()), precisions: { float16: 'slow', bfloat16: 'slow' } };
});
afterAll(() => rm(root, { recursive: true }));

const read = (tensors: Tensor | readonly Tensor[]) => [tensors].flat().map((one) => one.dataSync()[0]!);
const stateOf = (scaling: LossScale) => read([...scaling.slots.values()]);

function moved(scaling: LossScale, finite: boolean): number[] {
  tidy(() => scaling.update(scalar(finite, 'bool')));
  return stateOf(scaling);
}

describe('the scale of a loss', () => {
  it('halves at a step that is no good, doubles after 2,000 good ones, and stays a power of two up to 2^24', () => {
    const before = memory().numTensors;
    const scaling = new LossScale();
    expect(stateOf(scaling)).toEqual([2 ** 15, 0]);
    expect(moved(scaling, true)).toEqual([2 ** 15, 1]);
    expect(moved(scaling, false)).toEqual([2 ** 14, 0]);
    for (let step = 1; step < 2000; step++) moved(scaling, true);
    expect(stateOf(scaling)).toEqual([2 ** 14, 1999]);
    expect(moved(scaling, true)).toEqual([2 ** 15, 0]);
    const [scale, good] = [...scaling.slots.values()];
    tidy(() => (scale!.assign(scalar(2 ** 24)), good!.assign(scalar(1999))));
    expect(moved(scaling, true)).toEqual([2 ** 24, 0]);
    scaling.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('is taken out of gradients together with clipping', () => {
    const scaling = new LossScale();
    tidy(() => {
      // The gradients proper are (3, 4): of norm 5.
      const gradients = [tensor1d([3 * 2 ** 15]), tensor1d([4 * 2 ** 15])];
      expect(read([scaling.factorFor(gradients, undefined).factor])).toEqual([2 ** -15]);
      expect(read([scaling.factorFor(gradients, 10).factor])).toEqual([2 ** -15]);
      expect(read([scaling.factorFor(gradients, 1).factor])[0]! * 2 ** 15).toBeCloseTo(1 / 5, 6);
      expect(read([scaling.factorFor(gradients, 1).finite])).toEqual([1]);
      for (const bad of [NaN, Infinity])
        expect(read([scaling.factorFor([...gradients, tensor1d([bad])], 1).finite])).toEqual([0]);
    });
    scaling.dispose();
  });
});

describe('keepOnlyIf', () => {
  it('keeps or undoes what work assigns, as a tensor says', () => {
    const value = tidy(() => variable(tensor([1, 2])));
    const assign = (holds: boolean, to: number) =>
      tidy(
        () =>
          void keepOnlyIf(
            () => scalar(holds, 'bool'),
            [value],
            () => (value.assign(mul(ones([2]), to)), value as Tensor),
          ),
      );
    assign(false, NaN);
    expect([...value.dataSync()]).toEqual([1, 2]);
    assign(true, 7);
    expect([...value.dataSync()]).toEqual([7, 7]);
    value.dispose();
  });
});

let runs = 0;
async function train(more: Partial<TransferRequest>, stopAt = Infinity) {
  const headstart = await createHeadstart({
    backend: plain,
    plugins: [pointPlugin()],
    cacheRoot: join(root, `cache-${++runs}`),
  });
  const out = join(root, `run-${runs}`);
  const stop = new AbortController();
  let steps = 0;
  const events = { step: () => void (++steps === stopAt && stop.abort()) };
  try {
    return await headstart.train(
      { target: 'points', seed: 4, batchSize: 8, strategy: 'fine-tune', epochs: 3, ema: 0.8, out, ...more },
      { events, signal: stop.signal },
    );
  } catch (error) {
    expect(error).toMatchObject({ code: 'interrupted' });
    return await headstart.resume(out);
  }
}
const weightsOf = (directory: string) => readFile(join(directory, 'weights.safetensors'));

describe('training with a scaled loss', () => {
  it('rounds nothing: every bit is as without it, and a resume goes on with the scale', async () => {
    const expected = await weightsOf((await train({})).model);
    const scaled = await train({ precision: 'float16' });
    expect((await weightsOf(scaled.model)).equals(expected)).toBe(true);
    const card = JSON.parse(await readFile(join(scaled.model, 'model.json'), 'utf8')) as {
      training: { precision: string };
    };
    expect(card.training.precision).toBe('float16');
    expect((await weightsOf((await train({ precision: 'float16' }, 5)).model)).equals(expected)).toBe(true);
  });

  it('leaves out steps whose gradients overflow until the scale is low enough', async () => {
    // The squares of eight gradients of 2^53, scaled by s, add up to 2^(109) s^2: below 2^128 from s = 2^9 on.
    await withPhase(2 ** 53, async (run, values) => {
      const before = await values();
      for (let step = 0; step < 6; step++) {
        expect((await run.state()).get('loss-scale/scale')!.data[0]).toBe(2 ** (15 - step));
        expect(Number.isFinite(await take(run, step))).toBe(true);
        expect(await values()).toEqual(before);
      }
      await take(run, 6);
      const state = await run.state();
      expect([state.get('loss-scale/scale')!.data[0], state.get('loss-scale/good')!.data[0]]).toEqual([2 ** 9, 1]);
      expect(await values()).not.toEqual(before);
      for (const { data } of state.values()) expect(data.every(Number.isFinite)).toBe(true);

      // What was saved is taken up again.
      await run.restore(
        new Map(
          [...state].map(([name, value]) => [
            name,
            name === 'loss-scale/scale' ? { ...value, data: Float32Array.of(2 ** 8) } : value,
          ]),
        ),
      );
      expect((await run.state()).get('loss-scale/scale')!.data[0]).toBe(2 ** 8);
    });
  });

  it('ends where no scale helps, and says so', async () => {
    await withPhase(2 ** 100, async (run, values) => {
      const before = await values();
      const failure = (async () => {
        for (let step = 0; step < 40; step++) await take(run, step);
      })();
      await expect(failure).rejects.toMatchObject({
        code: 'diverged',
        message: expect.stringContaining('not finite in float16') as string,
        hint: expect.stringContaining('bfloat16') as string,
      });
      expect(await values()).toEqual(before);
    });
  });
});

/** One step on two points. */
async function take(run: PhaseRun<never>, step: number): Promise<number> {
  const inputs = {
    point: tensor([
      [0.5, 1],
      [-1, 0.25],
    ]),
  };
  const targets = {
    label: tensor([
      [1, 0],
      [0, 1],
    ]),
  };
  try {
    return await run.step({ inputs, targets }, step);
  } finally {
    for (const one of [inputs.point, targets.label]) one.dispose();
  }
}

/** A phase in float16 with a penalty whose gradient in each of eight offsets is `slope`; checks that nothing leaks. */
async function withPhase(
  slope: number,
  work: (run: PhaseRun<never>, values: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const tensors = memory().numTensors;
  const random = new RandomStream(1);
  const labels = ['a', 'b'];
  const model = await openTransferModel({
    source: pointSource,
    task: pointTask,
    strategy: fineTune,
    labels,
    random,
    artifacts: {} as never,
    progress: {} as never,
  });
  const steep = lossTerm({
    name: 'steep',
    needs: { weights: true },
    value: ({ weights }) => mul<Scalar>(sum(weights.find(({ name }) => name === 'upper/beta')!.value), slope),
  });
  const [phase] = fineTune.plan(model.info(), { epochs: 1 });
  const steepPhase: Phase = { ...phase!, losses: [steep], batchStatistics: true };
  const run = new PhaseRun({
    backend: plain,
    model,
    task: pointTask,
    phase: steepPhase,
    from: 0,
    initial: new Map(),
    loss: { labelSmoothing: 0 },
    ema: 0.9,
    precision: 'float16',
    learningRate: 1e-3,
    steps: 100,
    random,
  });
  const values = async () => {
    const slots = [...(await run.state())].filter(([name]) => !name.startsWith('loss-scale/'));
    return [...(await readValues(model.variables())), ...slots].map(([name, { data }]) => [name, [...data]]);
  };
  try {
    await work(run as PhaseRun<never>, values);
  } finally {
    run.dispose();
    model.dispose();
  }
  expect(memory().numTensors).toBe(tensors);
}
