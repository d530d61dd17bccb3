import '@tensorflow/tfjs';
import {
  mean,
  memory,
  mul,
  reshape,
  setBackend,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { StepRandom } from '../random/step-random.ts';
import type { Backbone } from './backbone.ts';
import { Bottleneck, BOTTLENECK, bottleneckOf, bottleneckOn, withBottleneck } from './bottleneck.ts';
import { assignValues } from './layer.ts';
import { runStages } from './run-stages.ts';
import type { Stage } from './stage.ts';

beforeAll(() => setBackend('cpu'));

const backbone = (kind: 'vector' | 'sequence' = 'vector'): Backbone => ({
  architecture: 'two',
  input: { tensors: { x: { shape: [2], dtype: 'float32' } }, preprocessing: {} },
  stages: [],
  features: [{ name: 'x', stage: 'x', tensor: 'x', shape: [2], kind }],
  sourceHead: { stage: { name: 'old', variables: [], forward: (inputs) => inputs, initialise: () => {} } },
  dispose() {},
});

/** The identity, then batch norm by `x` of two rows. */
function identity(): Bottleneck {
  const stage = new Bottleneck(backbone(), { width: 2, dropout: 0 });
  assignValues(stage.variables[0]!, Float32Array.of(1, 0, 0, 1));
  return stage;
}

const rowsOf = (output: Readonly<Record<string, Tensor>>) => [...output[BOTTLENECK]!.dataSync()];
const statistics = (stage: Bottleneck) => stage.variables.slice(4).map(({ value }) => [...value.dataSync()]);

describe('a bottleneck', () => {
  it('normalises a batch of one sample by its averages, which stay as they are', () => {
    const stage = identity();
    const x = tensor2d([[3, 5]]);
    tidy(() => {
      stage.forward({ x: tensor2d([3, 0, 1, 4], [2, 2]) }, { training: true });
      const before = statistics(stage);
      const alone = rowsOf(stage.forward({ x }, { training: true }));
      // By itself it would be normalised to its bias, which is zero, whatever it holds.
      expect(alone.every((value) => value > 0)).toBe(true);
      expect(alone).toEqual(rowsOf(stage.forward({ x }, { training: false })));
      expect(statistics(stage)).toEqual(before);
    });
  });

  it('normalises by the batch in training, by its averages else, and moves these unless the mode says otherwise', () => {
    const stage = identity();
    const x = tensor2d([
      [1, 4],
      [3, 0],
    ]);
    // Means 2 and 2, deviations 1 and 2: -1 and 1, 1 and -1; ReLU leaves what is above zero.
    const normalised = [0, 1, 1, 0];
    const before = memory().numTensors;
    tidy(() => {
      const kept = rowsOf(stage.forward({ x }, { training: true, movesAverages: false }));
      kept.forEach((value, i) => expect(value).toBeCloseTo(normalised[i]!, 4));
      expect(statistics(stage)).toEqual([
        [0, 0],
        [1, 1],
      ]);
      stage.forward({ x }, { training: true });
    });
    expect(memory().numTensors).toBe(before);
    // A tenth of the way to the means 2, 2 and to the unbiased variances 2, 8.
    const [means, variances] = statistics(stage);
    [0.2, 0.2].forEach((value, i) => expect(means![i]).toBeCloseTo(value, 5));
    [1.1, 1.7].forEach((value, i) => expect(variances![i]).toBeCloseTo(value, 5));
    const plain = tidy(() => rowsOf(stage.forward({ x }, { training: false })));
    expect(plain[0]).toBeCloseTo(0.8 / Math.sqrt(1.1 + 1e-5), 4);
    expect(plain[3]).toBe(0);
    // Stored statistics serve a stage that is trained on by a strategy without batch statistics, too.
    const trainedOn = tidy(() => rowsOf(stage.forward({ x }, { training: true, batchStatistics: false })));
    expect(trainedOn).toEqual(plain);
  });

  it('drops a share in training alone', () => {
    const stage = new Bottleneck(backbone(), { width: 1000, dropout: 0.5 });
    stage.initialise(new RandomStream(1));
    assignValues(stage.variables[3]!, new Float32Array(1000).fill(20));
    const x = tensor2d([[1, 2]]);
    const zeros = (training: boolean) =>
      rowsOf(tidy(() => stage.forward({ x }, { training, random: new StepRandom(tensor1d([1, 2], 'int32')) }))).filter(
        (value) => value === 0,
      ).length;
    expect(zeros(false)).toBe(0);
    // Four standard deviations around a half of 1,000.
    expect(Math.abs(zeros(true) - 500)).toBeLessThan(4 * Math.sqrt(250));
  });

  it('becomes the last stage and feature, once; the old head is gone, and a backbone without a vector is refused', () => {
    const plan = { width: 3, dropout: 0.5 };
    const extended = withBottleneck(backbone(), plan, new RandomStream(1));
    expect(extended.features.at(-1)).toEqual({
      name: BOTTLENECK,
      stage: BOTTLENECK,
      tensor: BOTTLENECK,
      shape: [3],
      kind: 'vector',
    });
    expect(extended.sourceHead).toBeUndefined();
    expect(bottleneckOf(extended)?.plan).toEqual(plan);
    expect(withBottleneck(extended, { width: 9, dropout: 0 })).toBe(extended);
    const before = memory().numTensors;
    extended.dispose();
    expect(before - memory().numTensors).toBe(6);
    expect(() => withBottleneck(backbone('sequence'), plan)).toThrow('a linear classifier needs a vector');
  });
});

/** A map of 2 x 2 cells, then one of 1 x 1 whose mean is the last feature; each stage hands on its own output alone. */
function maps(): Backbone {
  const stage = (name: string, forward: Stage['forward']): Stage => ({ name, variables: [], forward, initialise() {} });
  return {
    ...backbone(),
    stages: [
      stage('early', ({ x }) => ({ early: reshape(x!, [-1, 2, 2, 1]) })),
      stage('top', ({ early }) => ({ top: mul(sum(early!, [1, 2], true), tensor1d([1, 10])) })),
      stage('pool', ({ top }) => ({ pooled: mean(top!, [1, 2]) })),
    ],
    features: [
      { name: 'early', stage: 'early', tensor: 'early', shape: [2, 2, 1], kind: 'map' },
      { name: 'top', stage: 'top', tensor: 'top', shape: [1, 1, 2], kind: 'map' },
      { name: 'pooled', stage: 'pool', tensor: 'pooled', shape: [2], kind: 'vector' },
    ],
  };
}

describe('a bottleneck that earlier features join', () => {
  const width = { width: 3, dropout: 0 };

  it('takes as many maps as there are, but none that the last feature is the mean of, and refuses more where that is asked for', () => {
    expect(bottleneckOn(maps(), width)).toEqual(width);
    expect(bottleneckOn(maps(), { ...width, earlier: 2 })).toEqual({ ...width, joined: ['early'] });
    expect(bottleneckOn(backbone(), { ...width, earlier: 1 })).toEqual(width);
    expect(() => bottleneckOn(maps(), { ...width, earlier: 2, refusesFewer: true })).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining('1 alone') as string }),
    );
    const trained = withBottleneck(maps(), { ...width, joined: ['early'] });
    expect(bottleneckOn(trained, { ...width, earlier: 0 })).toEqual({ ...width, joined: ['early'] });
    expect(bottleneckOn(trained, { ...width, earlier: 1, refusesFewer: true })).toEqual({
      ...width,
      joined: ['early'],
    });
    expect(() => bottleneckOn(trained, { ...width, earlier: 0, refusesFewer: true })).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining('early join') as string }),
    );
    trained.dispose();
    expect(() => withBottleneck(maps(), { ...width, joined: ['gone'] })).toThrow(
      expect.objectContaining({ code: 'model-invalid' }),
    );
  });

  it('is handed the means of their cells by the stages between, also where it goes on from kept outputs of these', () => {
    const extended = withBottleneck(maps(), { ...width, joined: ['early'] });
    const [dense] = extended.stages.at(-1)!.variables;
    expect(dense!.value.shape).toEqual([3, 3]);
    assignValues(dense!, Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1));
    const x = tensor2d([[1, 2, 3, 6]]);
    tidy(() => {
      // Sum 12, ten times of it, and the mean 3; with averages of 0 and 1 batch norm leaves them nearly as they are.
      const whole = rowsOf(runStages(extended.stages, { x }));
      [12, 120, 3].forEach((value, i) => expect(whole[i]! / value).toBeCloseTo(1, 4));
      const kept = runStages(extended.stages.slice(0, 2), { x });
      expect(rowsOf(runStages(extended.stages.slice(2), kept))).toEqual(whole);
    });
    extended.dispose();
  });
});
