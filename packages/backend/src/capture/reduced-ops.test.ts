import type { Backend, ReducedPrecision } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Scalar, Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cpuReferenceOps, readCpuinfo } from '../libtensorflow/reduced-support.ts';
import { openBackend } from '../open-backend.ts';
import { values } from '../testing/gradient-checks.ts';
import { batch, SmallNetwork } from '../testing/small-network.ts';

let backend: Backend;
let tensors: number;
const warnings: string[] = [];
const note = ({ message }: Error) => void warnings.push(message);

beforeAll(async () => {
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu', capture: true });
  process.on('warning', note);
});
afterAll(async () => {
  process.off('warning', note);
  await backend.close();
});
beforeEach(() => {
  warnings.length = 0;
  tensors = tf.memory().numTensors;
});
afterEach(async () => {
  expect(tf.memory().numTensors).toBe(tensors);
  await new Promise(setImmediate);
  expect(warnings).toEqual([]);
});

/** Bits of the significand with the leading one, and so the relative spacing 2^(1 - bits). */
const SIGNIFICAND: Readonly<Record<ReducedPrecision, number>> = { bfloat16: 8, float16: 11 };

/** To the nearest number of that many significant bits, ties to even. */
function round(value: number, bits: number): number {
  if (value === 0) return 0;
  const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - bits + 1);
  const scaled = value / step;
  const down = Math.floor(scaled);
  const rest = scaled - down;
  const nearest = rest > 0.5 || (rest === 0.5 && down % 2 !== 0) ? down + 1 : down;
  return nearest * step;
}

async function run<T extends Tensor>(
  step: (...args: never[]) => T,
  precision: 'float32' | ReducedPrecision,
  ...args: Tensor[]
): Promise<number[]> {
  const compiled = backend.compile(step as (...args: Tensor[]) => T, { precision });
  const result = await compiled(...args);
  expect(result.dtype).toBe('float32');
  const read = Array.from(await result.data());
  result.dispose();
  compiled.dispose();
  return read;
}

describe.each(['bfloat16', 'float16'] as const)('a step compiled for %s', (type) => {
  const bits = SIGNIFICAND[type];

  it('multiplies rounded values and rounds the product', async () => {
    const [a, b] = [values([3, 5], 21), values([5, 4], 22)];
    const [x, w] = [tf.tensor2d(a.values as never, [3, 5]), tf.tensor2d(b.values as never, [5, 4])];
    const product = (p: Tensor2D, q: Tensor2D) => tf.matMul(p, q);
    const reduced = await run(product as never, type, x, w);
    for (const [i, value] of reduced.entries()) {
      const [row, column] = [Math.floor(i / 4), i % 4];
      let sum = 0;
      let size = 0;
      for (let k = 0; k < 5; k++) {
        const term = round(a.values[row * 5 + k]!, bits) * round(b.values[k * 4 + column]!, bits);
        sum += term;
        size += Math.abs(term);
      }
      // One rounding of the sum, which is taken in float32. Kernels for processors without instructions for
      // the type may round partial sums as well, each of the five at most.
      const rounded = backend.precisions![type] === 'fast' ? Math.abs(sum) : 5 * size;
      expect(Math.abs(value - sum), `element ${i}`).toBeLessThanOrEqual(2 ** -bits * rounded + 2 ** -20 * size);
      expect(round(value, bits)).toBe(value);
    }
    expect(reduced).not.toEqual(await run(product as never, 'float32', x, w));
    tf.dispose([x, w]);
  });

  it('sums the gradient in a filter over rounded values, or all in float32 where the type has a reference loop alone', async () => {
    const [a, b] = [values([2, 3, 3, 2], 23), values([2, 3, 3, 4], 24)];
    const [x, dy] = [tf.tensor4d(a.values as never, [2, 3, 3, 2]), tf.tensor4d(b.values as never, [2, 3, 3, 4])];
    // A filter of one pixel: its gradient is the product of the inputs [18, 2], transposed, and of dy [18, 4].
    const gradient = (input: Tensor4D, output: Tensor4D) =>
      tf.grad((filter) => tf.sum(tf.mul(tf.conv2d(input, filter as Tensor4D, 1, 'same'), output)))(
        tf.zeros([1, 1, 2, 4]),
      );
    const reduced = await run(gradient as never, type, x, dy);
    const inFloat32 = type === 'float16' && cpuReferenceOps(readCpuinfo(), true).has('Conv2DBackpropFilter');
    const given = (value: number) => (inFloat32 ? value : round(value, bits));
    for (const [i, value] of reduced.entries()) {
      let sum = 0;
      let size = 0;
      for (let k = 0; k < 18; k++) {
        const term = given(a.values[k * 2 + Math.floor(i / 4)]!) * given(b.values[k * 4 + (i % 4)]!);
        sum += term;
        size += Math.abs(term);
      }
      const rounded = backend.precisions![type] === 'fast' ? Math.abs(sum) : 18 * size;
      const tolerance = (inFloat32 ? 0 : 2 ** -bits * rounded) + 2 ** -20 * size;
      expect(Math.abs(value - sum), `element ${i}`).toBeLessThanOrEqual(tolerance);
    }
    tf.dispose([x, dy]);
  });

  it('leaves everything else in float32: sums, losses, updates, weights', async () => {
    // 1 + 2^-14 is no number of 16 bits: it comes back only where nothing was rounded.
    const fine = 1 + 2 ** -14;
    const w = tf.tidy(() => tf.variable(tf.fill([2, 2], fine)));
    const x = tf.tensor2d([
      [1, 0],
      [0, 1],
    ]);
    const step = backend.compile(
      (input: Tensor2D) =>
        tf.tidy(() => {
          const { value, grads } = tf.variableGrads(() => tf.sum<Scalar>(tf.matMul(input, w)), [w]);
          w.assign(tf.sub(w, tf.mul(grads[w.name]!, 2 ** -14)));
          return value;
        }),
      { precision: type },
    );
    const loss = await step(x);
    // The identity times rounded weights, summed in float32.
    expect((await loss.data())[0]).toBe(4 * round(fine, bits));
    expect(Array.from(await w.data())).toEqual([1, 1, 1, 1]);
    step.dispose();
    tf.dispose([w, x, loss]);
  });

  it('says that it computes in float32 where it cannot be captured', async () => {
    const x = tf.tensor2d([[1 + 2 ** -14]]);
    const peek = (input: Tensor2D) => tf.tidy(() => (input.dataSync(), tf.matMul(input, tf.ones([1, 1]))));
    expect(await run(peek as never, type, x)).toEqual([1 + 2 ** -14]);
    await new Promise(setImmediate);
    expect(warnings.splice(0)).toEqual([expect.stringContaining(`in float32 instead of ${type}`)]);
    x.dispose();
  });

  it('trains a network of all ops to nearly the losses of float32', async () => {
    const [plain, reduced] = [new SmallNetwork(), new SmallNetwork()];
    const batches = [batch(8, 11), batch(8, 12)];
    const steps = [backend.compile(plain.step), backend.compile(reduced.step, { precision: type })];
    const decay = tf.scalar(0.9);
    const losses: number[][] = [];
    for (let i = 0; i < 40; i++) {
      const pair = await Promise.all(steps.map((step) => step(batches[i % 2]!, decay)));
      losses.push(await Promise.all(pair.map(async (loss) => (await loss.data())[0]!)));
      tf.dispose(pair);
    }
    expect(losses[0]![1]).not.toBe(losses[0]![0]);
    // A few roundings per layer, which Adam's steps then amplify: after a dozen steps two runs are two runs.
    for (const [plain32, reduced16] of losses.slice(0, 8) as [number, number][]) {
      expect(Math.abs(reduced16 - plain32)).toBeLessThan(4 * 2 ** -bits * plain32);
    }
    for (const i of [0, 1]) expect(losses.at(-1)![i]).toBeLessThan(0.5 * losses[0]![i]!);
    for (const variable of reduced.state) expect(variable.dtype).toBe('float32');
    for (const step of steps) step.dispose();
    tf.dispose([batches, decay]);
    plain.dispose();
    reduced.dispose();
  });
});
