import '@tensorflow/tfjs';
import { setBackend, tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelVariable } from '../network/stage.ts';
import { BestWeights } from './best-weights.ts';
import { LEAST_TO_CHOOSE_BY } from './epoch-choice.ts';
import { newRunState } from './run-state.ts';

beforeAll(() => setBackend('cpu'));

/** A run of two stages of one weight each, the first of which is frozen. */
function newRun(mode: 'max' | 'min' = 'max', samples = LEAST_TO_CHOOSE_BY) {
  const stages = ['frozen', 'head'].map((stage): [string, ModelVariable] => [
    stage,
    { name: 'w', value: tidy(() => variable(tensor1d([0]))), role: 'weight', decay: true },
  ]);
  const model = {
    state: (include: (stage: string) => boolean) =>
      stages.filter(([stage]) => include(stage)).map(([stage, made]) => [`${stage}/w`, made]),
  };
  const set = (value: number): void =>
    stages.forEach(([, { value: made }]) => tidy(() => made.assign(tensor1d([value]))));
  const run = {
    state: newRunState(),
    checkpoint: undefined,
    model,
    transfer: {
      task: { monitor: { metric: 'score', mode } },
      target: { splits: { validation: { length: samples } } },
    },
  };
  const best = new BestWeights(run as never, phase);
  /** An epoch that ends with this weight and these metrics. */
  const epoch = async (weight: number, validation: Readonly<Record<string, number>>) => {
    set(weight);
    await best.consider({ validation });
    run.state.history.push({ validation } as never);
    run.state.epoch += 1;
  };
  const read = () => stages.map(([, { value }]) => value.dataSync()[0]);
  return { run, set, read, best, epoch };
}
const phase = { trainable: { head: 1 } } as never;

describe('BestWeights', () => {
  it('keeps the trained stages of the best epoch: of equals that of the least loss, of those the later', async () => {
    const { read, best, epoch } = newRun();
    expect(await best.adopt()).toBe(false);
    await epoch(1, { score: 0.5, loss: 0.1 });
    await epoch(2, { score: 0.9, loss: 0.4 });
    await epoch(3, { score: 0.9, loss: 0.3 });
    await epoch(4, { score: 0.9, loss: 0.3 });
    await epoch(5, { score: 0.9, loss: 0.35 });
    await epoch(6, { score: 0.7, loss: 0.1 });
    await epoch(7, { score: NaN });
    expect(await best.adopt()).toBe(true);
    expect(read()).toEqual([7, 4]);
  });

  it('takes the least where less is better, and nothing where the metric is missing', async () => {
    const { read, best, epoch } = newRun('min');
    await epoch(9, { other: 1 });
    expect(await best.adopt()).toBe(false);
    await epoch(1, { score: 0.5 });
    await epoch(2, { score: 0.2 });
    await epoch(3, { score: 0.4 });
    await best.adopt();
    expect(read()).toEqual([3, 2]);
  });

  it('keeps none where validation samples are too few', async () => {
    const { best, epoch } = newRun('max', LEAST_TO_CHOOSE_BY - 1);
    await epoch(1, { score: 0.9 });
    expect(await best.adopt()).toBe(false);
  });

  it('goes on from a checkpoint', async () => {
    const { run, set, read } = newRun();
    const state = { ...newRunState(), epoch: 1, history: [{ validation: { score: 0.8 } } as never] };
    const tensors = new Map([['best/head/w', { shape: [1], data: Float32Array.of(7) }]]);
    const best = new BestWeights({ ...run, state, checkpoint: { state, tensors } } as never, phase);
    set(9);
    await best.consider({ validation: { score: 0.75 } });
    await best.adopt();
    expect(read()).toEqual([9, 7]);
  });
});
