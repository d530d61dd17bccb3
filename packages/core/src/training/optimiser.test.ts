import '@tensorflow/tfjs';
import {
  memory,
  scalar,
  setBackend,
  tensor1d,
  tidy,
  variable,
  type Tensor,
  type Variable,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OptimiserPlan } from '../strategies/strategy.ts';
import {
  BETA1,
  BETA2,
  clippingFactor,
  createOptimiser,
  type Optimiser,
  type StepRates,
  type Trainable,
} from './optimiser.ts';

beforeAll(() => setBackend('cpu'));

function weight(
  name: string,
  values: readonly number[],
  options: { decay?: boolean; rateMultiplier?: number } = {},
): Trainable {
  const { decay = true, rateMultiplier = 1 } = options;
  const value = tidy(() => variable(tensor1d([...values])));
  return { name, stage: 'stage', rateMultiplier, variable: { name, value, role: 'weight', decay } };
}

function ratesAt(step: number, learningRate: number): StepRates {
  return {
    learningRate: scalar(learningRate),
    firstCorrection: scalar(1 / (1 - BETA1 ** (step + 1))),
    secondCorrection: scalar(1 / (1 - BETA2 ** (step + 1))),
    emaDecay: scalar(0),
  };
}

function step(optimiser: Optimiser, gradients: readonly (readonly number[])[], at: number, learningRate: number): void {
  tidy(() =>
    optimiser.apply(
      gradients.map((values) => tensor1d([...values])),
      ratesAt(at, learningRate),
    ),
  );
}

const valuesOf = (tensor: Tensor | Variable) => Array.from(tensor.dataSync());

function expectClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) =>
    expect(Math.abs(value - expected[i]!), `${value} for ${expected[i]}`).toBeLessThan(tolerance),
  );
}

/** One rounding to float32 of numbers of size one is 6e-8; a step has about a dozen. */
const ONE_STEP = 1e-6;

/*
 * PyTorch 2.13.0 in float64: w_i = sin(i + 1), gradient at step t: cos(0.7 t + i)·(1 + 0.3 i), i = 0 … 3;
 * rate 0.05, weight decay 0.1; torch.optim.AdamW with its defaults, torch.optim.SGD(momentum=0.9, nesterov=True).
 */
const START = [0, 1, 2, 3].map((i) => Math.sin(i + 1));
const gradientAt = (t: number) => [0, 1, 2, 3].map((i) => Math.cos(0.7 * t + i) * (1 + 0.3 * i));
const GOLDEN: Record<OptimiserPlan['kind'], number[][]> = {
  adamw: [
    [0.78726363, 0.85475094, 0.19041441, -0.70301848],
    [0.7341097, 0.82652366, 0.23726634, -0.64985234],
    [0.68845956, 0.83677889, 0.28484037, -0.60191354],
    [0.66380942, 0.861939, 0.33144067, -0.57157735],
    [0.66123438, 0.89278455, 0.36871806, -0.56390144],
    [0.67132732, 0.92182116, 0.38608217, -0.57082669],
    [0.68561898, 0.93809121, 0.38550067, -0.5837536],
    [0.69533588, 0.93731567, 0.3750403, -0.59417511],
    [0.69377417, 0.92477481, 0.36273919, -0.59459185],
    [0.68151029, 0.90750812, 0.35665394, -0.58407755],
  ],
  sgd: [
    [0.73847701, 0.83393177, 0.20303369, -0.57091923],
    [0.61489351, 0.80979214, 0.36491861, -0.33316846],
    [0.51942104, 0.86765686, 0.5899221, -0.13563579],
    [0.48693724, 0.9953921, 0.80622688, -0.05256904],
    [0.52220636, 1.14403714, 0.94120951, -0.10543909],
    [0.59774221, 1.25119027, 0.95596253, -0.25281918],
    [0.66683007, 1.27069658, 0.86394387, -0.40984312],
    [0.68558369, 1.19467563, 0.72498226, -0.48809142],
    [0.63366394, 1.05752926, 0.61745793, -0.43714654],
    [0.52391537, 0.92004508, 0.6017426, -0.26827355],
  ],
};

describe.each(['adamw', 'sgd'] as const)('%s', (kind) => {
  it("walks PyTorch's way for ten steps, and owns what it makes", () => {
    const before = memory().numTensors;
    const trained = weight('w', START);
    const optimiser = createOptimiser({ kind, learningRate: 1, weightDecay: 0.1 }, [trained]);
    GOLDEN[kind].forEach((expected, t) => {
      step(optimiser, [gradientAt(t)], t, 0.05);
      // Ten steps in float32 against float64: rounding adds up.
      expectClose(valuesOf(trained.variable.value), expected, 5e-6);
    });
    optimiser.dispose();
    trained.variable.value.dispose();
    expect(memory().numTensors).toBe(before);
  });
});

describe('one step', () => {
  it('of AdamW: the corrected moments of the first step are the gradient itself and its size', () => {
    // m̂ = g and √v̂ = |g|, so the direction is sign(g); the decay adds 0.5 · w: 1 - 0.1 (1 + 0.5), -2 - 0.1 (-1 - 1).
    const trained = weight('w', [1, -2]);
    const optimiser = createOptimiser({ kind: 'adamw', learningRate: 1, weightDecay: 0.5 }, [trained]);
    step(optimiser, [[3, -7]], 0, 0.1);
    expectClose(valuesOf(trained.variable.value), [0.85, -1.8], ONE_STEP);
    expectClose(valuesOf(optimiser.slots.get('m/w')!), [0.3, -0.7], ONE_STEP);
    expectClose(valuesOf(optimiser.slots.get('v/w')!), [0.009, 0.049], ONE_STEP);
  });

  it('of SGD: w - η (g + λ w)(1 + μ), as the momentum starts from nothing', () => {
    // g + λ w = 3 + 0.5 · 1 = 3.5 and -7 - 1 = -8; times 1.9, times 0.1.
    const trained = weight('w', [1, -2]);
    const optimiser = createOptimiser({ kind: 'sgd', learningRate: 1, weightDecay: 0.5 }, [trained]);
    step(optimiser, [[3, -7]], 0, 0.1);
    expectClose(valuesOf(trained.variable.value), [1 - 0.665, -2 + 1.52], ONE_STEP);
    expectClose(valuesOf(optimiser.slots.get('u/w')!), [3.5, -8], ONE_STEP);
  });

  it.each(['adamw', 'sgd'] as const)('of %s: no decay where there should be none, and the multiplied rate', (kind) => {
    const plain = weight('plain', [2], { decay: false });
    const slow = weight('slow', [2], { decay: false, rateMultiplier: 0.1 });
    const optimiser = createOptimiser({ kind, learningRate: 1, weightDecay: 0.5 }, [plain, slow]);
    step(optimiser, [[1], [1]], 0, 0.1);
    const move = kind === 'adamw' ? 0.1 : 0.19;
    expectClose(valuesOf(plain.variable.value), [2 - move], ONE_STEP);
    expectClose(valuesOf(slow.variable.value), [2 - move / 10], ONE_STEP);
  });
});

describe('clippingFactor', () => {
  it('is limit / norm where the norm of all gradients together is larger, and 1 where it is not', () => {
    // √(3² + 4² + 12²) = 13.
    const factor = (limit: number) => valuesOf(clippingFactor([tensor1d([3, -4]), tensor1d([12])], limit));
    expectClose(factor(6.5), [0.5], ONE_STEP);
    expect(factor(14)).toEqual([1]);
    expect(valuesOf(clippingFactor([tensor1d([0, 0])], 1))).toEqual([1]);
  });
});
