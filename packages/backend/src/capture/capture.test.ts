import { dropout, StepRandom } from '@headstart/core/network';
import { RandomStream } from '@headstart/core';
import type { Backend } from '@headstart/core/backend';
import * as tf from '@tensorflow/tfjs-core';
import type { Rank, Scalar, Tensor, Tensor1D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBackend } from '../open-backend.ts';
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
afterEach(() => expect(tf.memory().numTensors).toBe(tensors));

async function read(tensor: Tensor): Promise<number[]> {
  return Array.from(await tensor.data());
}

async function take(result: Promise<Tensor>): Promise<number[]> {
  const tensor = await result;
  return read(tensor).finally(() => tensor.dispose());
}

/** To 1e-4: oneDNN may fuse what it runs one by one in an eager step, and round once instead of twice. */
function expectSame(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-4);
}

/** The warnings so far; they arrive after the code that gives them. */
async function warned(): Promise<string[]> {
  await new Promise(setImmediate);
  return [...warnings];
}

describe('a captured training step', () => {
  it('gives the losses, weights, statistics and averages of the eager one over 50 steps', async () => {
    const [eager, captured] = [new SmallNetwork(), new SmallNetwork()];
    const batches = [batch(8, 11), batch(8, 12), batch(5, 13)];
    const step = backend.compile(captured.step);
    const logits = backend.compile(captured.logits);
    const decays = Array.from({ length: 50 }, (_, i) => tf.scalar(Math.min(0.99, (1 + i) / (10 + i))));
    const losses: number[] = [];
    for (const [i, decay] of decays.entries()) {
      const given = batches[i % 3]!;
      const expected = eager.step(given, decay);
      const loss = await take(step(given, decay));
      expectSame(loss, await read(expected));
      losses.push(loss[0]!);
      expected.dispose();
    }
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
    for (const [i, variable] of captured.state.entries()) expectSame(await read(variable), await read(eager.state[i]!));
    const [expected, actual] = [eager.logits(batches[0]!), await logits(batches[0]!)];
    expectSame(await read(actual.logits), await read(expected.logits));
    expect(await warned()).toEqual([]);
    tf.dispose([expected, actual, decays, batches]);
    step.dispose();
    logits.dispose();
    eager.dispose();
    captured.dispose();
  });

  it('changes nothing while it is recorded, and once at the first call', async () => {
    const counter = tf.tidy(() => tf.variable(tf.scalar(1)));
    const before = counter.clone();
    let runs = 0;
    const step = backend.compile((by: Scalar) => {
      runs += 1;
      return tf.tidy(() => (counter.assign(tf.add(counter, by)), tf.mul(counter, 10)));
    });
    const by = tf.scalar(2);
    expect(await take(step(by))).toEqual([30]);
    expect(await take(step(by))).toEqual([50]);
    expect(await read(counter)).toEqual([5]);
    expect(runs).toBe(1);
    // A copy that shared the variable's data keeps the value that it copied.
    expect(await read(before)).toEqual([1]);
    const later = counter.clone();
    tf.dispose(await step(by));
    expect(await read(later)).toEqual([5]);
    expect(await read(counter)).toEqual([7]);
    step.dispose();
    tf.dispose([counter, before, later, by]);
  });

  it('sees what is assigned to a variable between its calls', async () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2])));
    const step = backend.compile(() => tf.tidy(() => tf.mul(w, 3)));
    expect(await take(step())).toEqual([3, 6]);
    tf.tidy(() => w.assign(tf.tensor1d([5, 7])));
    expect(await take(step())).toEqual([15, 21]);
    step.dispose();
    w.dispose();
  });

  it('takes and gives tensors in nested containers, the same one twice, an input and a variable as they are', async () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([9])));
    const step = backend.compile(({ pair }: { pair: Tensor1D[] }, scale: number) =>
      tf.tidy(() => {
        const sum = tf.concat([pair[0]!, pair[1]!, tf.stack([scale])]);
        return { sums: [sum, sum], input: pair[0]!, w, none: undefined, scale };
      }),
    );
    const one = tf.tensor1d([1]);
    const two = tf.tensor1d([2]);
    for (const pair of [
      [one, two],
      [two, two],
    ]) {
      const result = await step({ pair }, 3);
      const [first, second] = await Promise.all(pair.map(read));
      expect(await Promise.all(result.sums.map(read))).toEqual([
        [...first!, ...second!, 3],
        [...first!, ...second!, 3],
      ]);
      expect([await read(result.input), await read(result.w), result.none, result.scale]).toEqual([
        first,
        [9],
        undefined,
        3,
      ]);
      tf.dispose([result.sums, result.input, result.w]);
    }
    // Another number is another recording, not the old result.
    const other = await step({ pair: [one, one] }, 4);
    expect(await read(other.sums[0]!)).toEqual([1, 1, 4]);
    tf.dispose([other.sums, other.input, other.w, one, two, w]);
    step.dispose();
  });

  it('runs calls one after another in their order', async () => {
    const sum = tf.tidy(() => tf.variable(tf.scalar(1)));
    const double = backend.compile(() => tf.tidy(() => (sum.assign(tf.mul(sum, 2)), sum.clone())));
    const increment = backend.compile(() => tf.tidy(() => (sum.assign(tf.add(sum, 1)), sum.clone())));
    const calls = [double(), increment(), double(), increment()];
    expect(await Promise.all(calls.map(take))).toEqual([[2], [3], [6], [7]]);
    double.dispose();
    increment.dispose();
    sum.dispose();
  });

  it('leaves no tensor behind in 2,000 replays, and memory as it was', { timeout: 120_000 }, async () => {
    const w = tf.tidy(() => tf.variable(tf.ones([64, 64])));
    const x = tf.ones<tf.Rank.R2>([64, 64]);
    const step = backend.compile((input: tf.Tensor2D) =>
      tf.tidy(() => (w.assign(tf.mul(tf.matMul(input, w as Tensor as tf.Tensor2D), 1 / 64)), tf.sum(w))),
    );
    const replay = async (times: number) => {
      for (let i = 0; i < times; i++) (await step(x)).dispose();
      return { count: tf.memory().numTensors, resident: process.memoryUsage.rss() };
    };
    const early = await replay(200);
    const late = await replay(1800);
    expect(late.count).toBe(early.count);
    expect(late.resident).toBeLessThan(1.05 * early.resident);
    step.dispose();
    tf.dispose([w, x]);
  });

  it('leaves the event loop free while it runs', async () => {
    const x = tf.ones<tf.Rank.R2>([600, 600]);
    const step = backend.compile((input: tf.Tensor2D) =>
      tf.tidy(() => Array.from({ length: 30 }).reduce<tf.Tensor2D>((y) => tf.mul(tf.matMul(input, y), 1 / 600), input)),
    );
    (await step(x)).dispose();
    let ticks = 0;
    let running = true;
    const tick = () => {
      ticks += 1;
      if (running) setImmediate(tick);
    };
    setImmediate(tick);
    const result = await step(x).finally(() => (running = false));
    // A call that blocked would let the loop turn once or twice around it.
    expect(ticks).toBeGreaterThan(10);
    expect((await read(result)).every((value) => Math.abs(value - 1) < 1e-3)).toBe(true);
    step.dispose();
    tf.dispose([x, result]);
  });
});

describe('a step compiled by XLA', () => {
  /** AdamW-like work on more numbers than it takes for XLA to be asked. */
  const update = (w: Variable, m: Variable) => (g: Tensor, rate: Scalar) =>
    tf.tidy(() => {
      m.assign(tf.add(tf.mul(m, 0.9), tf.mul(g, 0.1)));
      w.assign(tf.sub(w, tf.mul(rate, tf.div(m, tf.add(tf.sqrt(tf.abs(g)), 1e-3)))));
    });

  it('gives the numbers of the eager one to a rounding, at every call and again', async () => {
    const size = 2 ** 20;
    const filled = (value: number) => tf.tidy(() => tf.variable(tf.fill([size], value)));
    const [w, m, w2, m2] = [filled(1), filled(0), filled(1), filled(0)];
    const g = tf.tidy(() => tf.sin(tf.range(0, size)));
    const rate = tf.scalar(0.01);
    const compiled = backend.compile(update(w, m), { elementwise: true });
    const eager = update(w2, m2);
    for (let i = 0; i < 3; i++) {
      await compiled(g, rate);
      eager(g, rate);
    }
    const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(w, w2))));
    // Three updates of at most 0.01 * 0.271 / 1e-3, each a few roundings of 2^-24 off.
    expect((await read(difference))[0]!).toBeLessThan(1e-5);
    compiled.dispose();
    tf.dispose([w, m, w2, m2, g, rate, difference]);
    expect(await warned()).toEqual([]);
  });

  it('goes without XLA where XLA has no kernel for an op', async () => {
    // It has none for CropAndResize; a pixel taken as it is doubles.
    const double = (x: Tensor4D) =>
      tf.tidy(() =>
        tf.add(x, tf.image.cropAndResize(x, tf.tensor2d([[0, 0, 1, 1]]), tf.tensor1d([0], 'int32'), [1024, 1024])),
      );
    const compiled = backend.compile(double, { elementwise: true });
    const x = tf.ones<Rank.R4>([1, 1024, 1024, 1]);
    const result = await compiled(x);
    expect((await read(result)).every((value) => value === 2)).toBe(true);
    expect(await warned()).toEqual([]);
    compiled.dispose();
    tf.dispose([x, result]);
  });
});

describe('random numbers in a captured step', () => {
  it('follow the seed that a call gives: those of the eager step, other ones for another seed', async () => {
    const step = (x: Tensor, seed: Tensor) => tf.tidy(() => dropout(x, 0.5, new StepRandom(seed).child('layer')));
    const compiled = backend.compile(step);
    const x = tf.ones([64]);
    const seeds = [tf.tensor1d([1, 2], 'int32'), tf.tensor1d([1, 3], 'int32'), tf.tensor1d([1, 2], 'int32')];
    const masks: string[] = [];
    for (const seed of seeds) {
      const eager = step(x, seed);
      const mask = await take(compiled(x, seed));
      expect(mask).toEqual(await read(eager));
      masks.push(mask.join());
      eager.dispose();
    }
    expect(masks[1]).not.toBe(masks[0]);
    expect(masks[2]).toBe(masks[0]);
    expect(await warned()).toEqual([]);
    compiled.dispose();
    tf.dispose([x, seeds]);
  });
});

describe('a step that cannot be captured', () => {
  interface Case {
    name: string;
    step: (x: Tensor1D, random: RandomStream) => Tensor;
    expected: number[];
    reason: string;
  }
  const cases: Case[] = [
    {
      name: 'reads a value',
      step: (x) => tf.mul(x, x.dataSync()[0]!),
      expected: [9, 12],
      reason: 'it reads the values of a tensor while it runs',
    },
    {
      name: 'reads a value and hides it',
      step: (x) => {
        void x.data().then(() => {});
        return tf.mul(x, 2);
      },
      expected: [6, 8],
      reason: '',
    },
    {
      name: 'reads a value inside a gradient',
      step: (x) => tf.grad((y: Tensor) => tf.mul(tf.square(y), y.size > 0 ? (tf.sum(x).arraySync() as number) : 0))(x),
      expected: [42, 56],
      reason: '',
    },
    {
      name: 'draws random numbers by name',
      step: (x, random) => tf.mul(x, tf.scalar(random.next() < 2 ? 3 : 0)),
      expected: [9, 12],
      reason: 'it draws random numbers in JavaScript, which every replay would repeat',
    },
    { name: 'drops out', step: (x) => tf.add(x, tf.mul(tf.dropout(x, 0.5), 0)), expected: [3, 4], reason: '' },
    {
      name: 'has a result whose size depends on values',
      step: (x) => tf.unique(x).values,
      expected: [3, 4],
      reason: 'the size of what the op UniqueV2 gives depends on values',
    },
  ];

  it.each(cases)('runs op by op when it $name', async ({ step, expected, reason }) => {
    const compiled = backend.compile((x: Tensor1D, random: RandomStream) => tf.tidy(() => step(x, random)));
    const x = tf.tensor1d([3, 4]);
    for (let i = 0; i < 2; i++) expect(await take(compiled(x, new RandomStream(i)))).toEqual(expected);
    const warnings = await warned();
    // Each reason is given once per process.
    expect(warnings).toEqual(reason === '' ? [] : [`A step runs op by op, which is slower, because ${reason}.`]);
    compiled.dispose();
    x.dispose();
  });

  it('makes its variables at the first call when it runs op by op', async () => {
    let w: Variable | undefined;
    const compiled = backend.compile((x: Tensor1D) =>
      tf.tidy(() => {
        w ??= tf.variable(tf.tensor1d([1, 1]));
        w.assign(tf.add(w, x));
        return w.clone();
      }),
    );
    const x = tf.tensor1d([1, 2]);
    expect(await take(compiled(x))).toEqual([2, 3]);
    expect(await take(compiled(x))).toEqual([3, 5]);
    expect(await warned()).toEqual([expect.stringContaining('it makes a variable')]);
    compiled.dispose();
    tf.dispose([x, w!]);
  });

  it('fails with its own error, and leaves variables as they were', async () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    const compiled = backend.compile((x: Tensor1D) =>
      tf.tidy(() => {
        w.assign(tf.scalar(2));
        if (x.size > 0) throw new RangeError('no such sample');
        return x;
      }),
    );
    const x = tf.tensor1d([1]);
    await expect(compiled(x)).rejects.toThrow(new RangeError('no such sample'));
    expect(await warned()).toEqual([]);
    compiled.dispose();
    tf.dispose([x, w]);
  });

  it('is recorded for a bounded number of shapes', async () => {
    const compiled = backend.compile((x: Tensor1D) => tf.tidy(() => tf.sum(x)));
    for (let size = 1; size <= 28; size++) {
      const x = tf.ones<tf.Rank.R1>([size]);
      expect(await take(compiled(x))).toEqual([size]);
      x.dispose();
    }
    expect(await warned()).toEqual([expect.stringContaining('have changed 24 times')]);
    compiled.dispose();
  });

  it('tells that memory is exhausted, and keeps the variables', async () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    const compiled = backend.compile((x: Scalar) =>
      tf.tidy(() => {
        w.assign(tf.add(w, 1));
        // 2^47 bytes, more than any address space holds.
        return tf.add(tf.sum(tf.fill([2 ** 22, 2 ** 23], 2)), x);
      }),
    );
    const x = tf.scalar(1);
    await expect(compiled(x)).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringContaining('Out of memory') as unknown,
    });
    expect(await read(w)).toEqual([1]);
    compiled.dispose();
    tf.dispose([x, w]);
  });

  it('says what was disposed too early', async () => {
    const w = tf.tidy(() => tf.variable(tf.scalar(1)));
    const compiled = backend.compile((x: Scalar) => tf.tidy(() => tf.mul(w, x)));
    const x = tf.scalar(1);
    (await compiled(x)).dispose();
    w.dispose();
    await expect(compiled(x)).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringContaining('variable') as unknown,
    });
    x.dispose();
    await expect(compiled(x)).rejects.toMatchObject({
      code: 'backend-failed',
      message: expect.stringContaining('argument') as unknown,
    });
    compiled.dispose();
    await expect(compiled(x)).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('steps that are joined', () => {
  type Given = Record<string, Tensor>;
  const weight = () => tf.tidy(() => tf.variable(tf.tensor2d([1, 2, 3, 4], [2, 2])));

  it('give what they give one after another, whatever they hand on, and see new values of variables', async () => {
    const [first, second] = [weight(), weight()];
    const given: Given = { x: tf.tensor2d([1, -2], [1, 2]), by: tf.scalar(2) };
    const steps = [
      backend.compile(
        ({ x, by }: Given): Given => tf.tidy(() => ({ by: by!.clone(), x: tf.matMul(x as tf.Tensor2D, first) })),
      ),
      backend.compile(({ x, by }: Given): Given => tf.tidy(() => ({ x: tf.relu(tf.mul(x!, by!)), by: by! }))),
      backend.compile(
        ({ x, by }: Given): Given =>
          tf.tidy(() => ({
            y: tf.add(tf.matMul(x as tf.Tensor2D, second), by!),
            z: tf.matMul(x as tf.Tensor2D, first),
          })),
      ),
    ];
    const inTurn = async () => {
      const between = await steps[0]!(given);
      const more = await steps[1]!(between);
      const outputs = await steps[2]!(more);
      tf.dispose([between, more]);
      return Promise.all([take(Promise.resolve(outputs['y']!)), take(Promise.resolve(outputs['z']!))]);
    };
    expect(backend.join!(steps)).toBeUndefined();
    const expected = await inTurn();
    const joined = backend.join!(steps)!;
    const together = async () => {
      const { y, z } = await joined(given);
      return Promise.all([take(Promise.resolve(y!)), take(Promise.resolve(z!))]);
    };
    expect(await together()).toEqual(expected);
    tf.tidy(() => first.assign(tf.tensor2d([-1, 0.5, 2, -3], [2, 2])));
    expect(await together()).toEqual(await inTurn());
    expect(await together()).not.toEqual(expected);
    const other = { x: tf.ones([3, 2]), by: given['by']! };
    await expect(joined(other)).rejects.toMatchObject({ code: 'internal' });
    // Recorded for a second shape, the steps have no one signature any more.
    tf.dispose(await steps[0]!(other));
    expect(backend.join!(steps)).toBeUndefined();
    joined.dispose();
    for (const step of steps) step.dispose();
    tf.dispose([given, other, first, second]);
  });

  it('are not those that change variables', async () => {
    const count = tf.tidy(() => tf.variable(tf.scalar(0)));
    const step = backend.compile(
      ({ x }: Given): Given =>
        tf.tidy(() => {
          count.assign(tf.add(count, 1));
          return { x: tf.add(x!, count) };
        }),
    );
    const x = tf.scalar(1);
    tf.dispose(await step({ x }));
    expect(backend.join!([step])).toBeUndefined();
    expect(backend.join!([])).toBeUndefined();
    step.dispose();
    tf.dispose([x, count]);
  });
});
