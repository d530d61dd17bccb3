import '@tensorflow/tfjs';
import { scalar, tensor1d, tensor2d, tidy, variable, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { SAMPLE_WEIGHT } from '../data/sample-weights.ts';
import type { Head } from '../network/head.ts';
import type { LossInputs, LossTerm } from '../network/loss-term.ts';
import { StepRandom } from '../random/step-random.ts';
import { plainBackend } from '../testing/plain-backend.ts';
import { keptClasses } from './kept-classes.ts';
import { multiLabelLearning } from './multi-label-learning.ts';
import { LABEL } from './sample-targets.ts';
import type { KeepingOptions } from './task.ts';

/** Three labels, of which the source knows the first two. */
const RETAINED = [0, 1];
const LOGITS = [
  [1, -0.5, 0.3],
  [-1, 0.2, 2],
];
const SAID = [
  [0.4, -0.1],
  [-2, 1],
];

/** A linear head of two features for so many classes. */
function linear(classes: number): Head {
  const kernel = Array.from({ length: 2 }, (_, i) =>
    Array.from({ length: classes }, (_own, j) => Math.cos(1 + i + 2 * j)),
  );
  const values = { mean: zeros([2]), deviation: tensor1d([1, 1]), kernel: tensor2d(kernel), bias: zeros([classes]) };
  const variables = Object.entries(values).map(([name, value]) => ({ name, value: variable(value as Tensor) }));
  return { name: 'head', variables } as unknown as Head;
}

let options: KeepingOptions;
beforeAll(async () => {
  await plainBackend();
  const sourceHead = { stage: linear(2), labels: ['a', 'b'] } as unknown as KeepingOptions['sourceHead'];
  options = { labelSmoothing: 0, head: linear(3), sourceHead };
});

/** The term of a batch of the samples of these numbers, each counting so much. @param truth of each of the two samples */
function valueOf(term: LossTerm, truth: number[][], rows: number[], weights?: number[]): number {
  const of = (values: number[][]) => tensor2d(rows.map((row) => values[row]!));
  return tidy(() => {
    const value = term.value({
      labelled: {
        outputs: { logits: of(LOGITS) },
        targets: { [LABEL]: of(truth), ...(weights && { [SAMPLE_WEIGHT]: tensor1d(weights) }) },
        teacher: { logits: of(SAID) },
        features: {},
      },
      layers: {},
      mode: { training: true, random: new StepRandom(tensor1d([1, 2], 'int32')) },
      progress: scalar(0),
    } as unknown as LossInputs);
    return value.dataSync()[0]!;
  });
}

const one = [
  [0, 0, 1],
  [0, 0, 1],
];
const several = [
  [1, 0, 1],
  [0, 0, 0],
];

describe.each([
  ['classes', (more: Partial<KeepingOptions>) => keptClasses(RETAINED, { ...options, ...more }), one],
  [
    'labels',
    (more: Partial<KeepingOptions>) => multiLabelLearning().keepClasses!(RETAINED, { ...options, ...more }),
    several,
  ],
] as const)('the term of %s that are kept', (_, termOf, truth) => {
  it('leaves a sample out that weighs 0, and counts one of 2 as if it came twice', () => {
    const term = termOf({});
    // What does not come from samples (features made up for the classes) is the same in every batch, whatever they weigh.
    const apart = valueOf(term, truth, [0, 1], [0, 0]);
    const total = (rows: number[], weights?: number[]) => rows.length * (valueOf(term, truth, rows, weights) - apart);
    expect(total([0])).toBeGreaterThan(0.01);
    expect(total([0, 1], [1, 1])).toBeCloseTo(total([0, 1]), 5);
    expect(total([0, 1], [1, 0])).toBeCloseTo(total([0]), 5);
    expect(total([0, 1], [2, 1])).toBeCloseTo(total([0, 0, 1]), 5);
  });

  it('counts what is learned by the weights of its classes', () => {
    const absent = [1, 1, 1];
    const plain = valueOf(termOf({}), truth, [0]);
    const [none, twice] = [0, 2].map((weight) =>
      valueOf(termOf({ classWeights: { present: [1, 1, weight], absent } }), truth, [0]),
    );
    // Linear in the weight of the class that the sample has.
    expect(plain - none!).toBeGreaterThan(0.01);
    expect(twice! - plain).toBeCloseTo(plain - none!, 5);
    expect(valueOf(termOf({ classWeights: { present: [5, 5, 1], absent } }), truth, [0])).toBeCloseTo(plain, 6);
  });
});
