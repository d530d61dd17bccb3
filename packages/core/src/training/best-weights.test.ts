import '@tensorflow/tfjs';
import { setBackend, tensor1d, tidy, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ModelVariable } from '../network/stage.ts';
import { BestWeights } from './best-weights.ts';
import { newRunState } from './run-state.ts';

beforeAll(() => setBackend('cpu'));

/** A run of two stages of one weight each, the first of which is frozen. */
function newRun(mode: 'max' | 'min' = 'max') {
  const stages = ['frozen', 'head'].map((stage): [string, ModelVariable] => [
    stage,
    { name: 'w', value: tidy(() => variable(tensor1d([0]))), role: 'weight', decay: true },
  ]);
  const model = {
    state: (include: (stage: string) => boolean) =>
      stages.filter(([stage]) => include(stage)).map(([stage, made]) => [`${stage}/w`, made]),
  };
  const run = {
    state: newRunState(),
    checkpoint: undefined,
    model,
    transfer: { task: { monitor: { metric: 'score', mode } } },
  };
  const set = (value: number) => stages.forEach(([, { value: made }]) => tidy(() => made.assign(tensor1d([value]))));
  const read = () => stages.map(([, { value }]) => value.dataSync()[0]);
  return { run, set, read };
}
const phase = { trainable: { head: 1 } } as never;

describe('BestWeights', () => {
  it('keeps the trained stages of the best epoch; the first of equals', async () => {
    const { run, set, read } = newRun();
    const best = new BestWeights(run as never, phase);
    expect(best.adopt()).toBe(false);
    for (const [weight, score] of [
      [1, 0.5],
      [2, 0.9],
      [3, 0.9],
      [4, 0.7],
      [5, NaN],
    ] as const) {
      set(weight);
      await best.consider({ score });
    }
    expect(run.state.best).toBe(0.9);
    expect(best.adopt()).toBe(true);
    expect(read()).toEqual([5, 2]);
  });

  it('takes the least where less is better, and nothing where the metric is missing', async () => {
    const { run, set, read } = newRun('min');
    const best = new BestWeights(run as never, phase);
    await best.consider({ other: 1 });
    expect(run.state.best).toBeNull();
    for (const [weight, score] of [
      [1, 0.5],
      [2, 0.2],
      [3, 0.4],
    ] as const) {
      set(weight);
      await best.consider({ score });
    }
    best.adopt();
    expect(read()).toEqual([3, 2]);
  });

  it('goes on from a checkpoint', async () => {
    const { run, set, read } = newRun();
    const state = { ...newRunState(), best: 0.8 };
    const tensors = new Map([['best/head/w', { shape: [1], data: Float32Array.of(7) }]]);
    const best = new BestWeights({ ...run, state, checkpoint: { state, tensors } } as never, phase);
    set(9);
    await best.consider({ score: 0.75 });
    best.adopt();
    expect(read()).toEqual([9, 7]);
  });
});
