import '@tensorflow/tfjs';
import { grad, memory, setBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { heatMapLoss } from './heat-map-loss.ts';

let tensors = 0;
beforeAll(() => setBackend('cpu'));
beforeEach(() => void (tensors = memory().numTensors));
afterEach(() => expect(memory().numTensors).toBe(tensors));

/** One cell with a middle, one beside it (y = 1/2), one far away, one inside a crowd; one class. */
const targets = () => ({
  heat: tensor([1, 0.5, 0, -1], [1, 4, 1]),
  extent: tensor([[3, 2, 0.25, 0.5, 1], ...Array.from({ length: 3 }, () => [0, 0, 0, 0, 0])].flat(), [1, 4, 5]),
});
const logits = [Math.log(3), 0, -Math.log(3), 5];
const extents = [4, 2.5, 0.5, 0.5, ...new Array<number>(12).fill(9)];
const heatOf = (values: number[]) => tensor(values, [1, 4, 1]);
const extentOf = (values: number[]) => tensor(values, [1, 4, 4]);

it('is the focal loss around middles and the differences of extents at them', () => {
  const value = tidy(() => heatMapLoss({ heat: heatOf(logits), extent: extentOf(extents) }, targets()).dataSync()[0]!);
  const found = (1 - 3 / 4) ** 2 * Math.log(4 / 3); // p = 3/4
  const beside = (1 / 2) ** 4 * (1 / 2) ** 2 * Math.log(2); // p = 1/2
  const far = (1 / 4) ** 2 * Math.log(4 / 3); // p = 1/4
  const extent = 0.1 * (1 + 0.5) + 0.25;
  expect(value).toBeCloseTo(found + beside + far + extent, 6);
});

it('has the gradient of its value', () => {
  const check = (f: (x: Tensor) => Tensor, values: number[], shape: [number, number, number]) => {
    const analytic = tidy(() => Array.from(grad(f)(tensor(values, shape)).dataSync()));
    const at = (i: number, change: number) =>
      tidy(
        () =>
          f(
            tensor(
              values.map((value, j) => (i === j ? value + change : value)),
              shape,
            ),
          ).dataSync()[0]!,
      );
    // Single precision leaves about 1e-6 / 2e-2 of rounding.
    analytic.forEach((value, i) => expect(value, `element ${i}`).toBeCloseTo((at(i, 1e-2) - at(i, -1e-2)) / 2e-2, 3));
  };
  check((x) => heatMapLoss({ heat: x, extent: extentOf(extents) }, targets()), logits, [1, 4, 1]);
  // Away from the kink of the absolute value, where an extent is met exactly.
  check((x) => heatMapLoss({ heat: heatOf(logits), extent: x }, targets()), extents.with(3, 0.7), [1, 4, 4]);
});
