import '@tensorflow/tfjs';
import { setBackend, tensor1d, variable, variableGrads, type Scalar } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { l2StartingPoint } from './l2-sp.ts';

beforeAll(() => setBackend('cpu'));

const ALPHA = 0.1;
const BETA = 0.01;
const BACKBONE = [1.5, -2, 0.25];
const ANCHOR = [1, -1, 0.5];
const HEAD = [0.5, 3];
const BIAS = [7];

/** The formula in double precision. */
const penalty = (backbone: readonly number[], head: readonly number[]) =>
  (ALPHA / 2) * backbone.reduce((sum, w, i) => sum + (w - ANCHOR[i]!) ** 2, 0) +
  (BETA / 2) * head.reduce((sum, w) => sum + w * w, 0);

describe('l2StartingPoint', () => {
  it('is alpha/2 of the squared distance from the source, and beta/2 of the squared head; biases are free', () => {
    const [backbone, head, bias] = [BACKBONE, HEAD, BIAS].map((values) => variable(tensor1d(values)));
    const compute = (): Scalar =>
      l2StartingPoint(ALPHA, BETA).value({
        weights: [
          { stage: 's', name: 's/kernel', decay: true, value: backbone!, source: tensor1d(ANCHOR) },
          { stage: 'head', name: 'head/kernel', decay: true, value: head! },
          { stage: 'head', name: 'head/bias', decay: false, value: bias! },
        ],
      } as never);
    // 0.05 (0.25 + 1 + 0.0625) + 0.005 (0.25 + 9) = 0.065625 + 0.04625
    expect(penalty(BACKBONE, HEAD)).toBeCloseTo(0.111875, 12);
    const { value, grads } = variableGrads(compute, [backbone!, head!, bias!]);
    expect(value.dataSync()[0]).toBeCloseTo(0.111875, 6);

    // Central differences of the formula are exact for squares, but for rounding.
    const differences = (values: readonly number[], at: (shifted: number[]) => number) =>
      values.map((_, i) => {
        const shifted = (by: number) => values.map((w, k) => (k === i ? w + by : w));
        return (at(shifted(1e-3)) - at(shifted(-1e-3))) / 2e-3;
      });
    const expectClose = (actual: ArrayLike<number>, expected: readonly number[]) =>
      expected.forEach((gradient, i) => expect(actual[i]).toBeCloseTo(gradient, 6));
    expectClose(
      grads[backbone!.name]!.dataSync(),
      differences(BACKBONE, (w) => penalty(w, HEAD)),
    );
    expectClose(
      grads[head!.name]!.dataSync(),
      differences(HEAD, (w) => penalty(BACKBONE, w)),
    );
    expect(grads[bias!.name]?.dataSync()[0] ?? 0).toBe(0);
  });
});
