import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchNormTrain, eagerStep, RandomStream, type Backend } from '@headstart/core';
import { openBackend } from '../open-backend.ts';

let backend: Backend;
const warnings: string[] = [];
const listen = (warning: Error) => void warnings.push(warning.message);

beforeAll(async () => {
  process.on('warning', listen);
  backend = await openBackend({ prefer: 'libtensorflow', device: 'cpu', capture: true });
});
afterAll(async () => {
  process.off('warning', listen);
  await backend.close();
});

/** A convolution, batch norm with moving averages, ReLU6, pooling and a dense layer, trained by SGD with momentum. */
function network(random = new RandomStream('network')) {
  const values = (size: number, scale: number) => Float32Array.from({ length: size }, () => scale * random.normal());
  const make = (data: Float32Array, shape: number[], trainable = true) => {
    const initial = tf.tensor(data, shape);
    const made = tf.variable(initial, trainable);
    initial.dispose();
    return made;
  };
  const kernel = make(values(3 * 3 * 2 * 8, 0.2), [3, 3, 2, 8]);
  const gamma = make(new Float32Array(8).fill(1), [8]);
  const beta = make(new Float32Array(8), [8]);
  const dense = make(values(8 * 3, 0.3), [8, 3]);
  const average = make(new Float32Array(8), [8], false);
  const weights = [kernel, gamma, beta, dense];
  const momenta = weights.map(({ shape, size }) => make(new Float32Array(size), shape, false));
  const step = ({ x, y }: { x: tf.Tensor; y: tf.Tensor }, rate: tf.Scalar): tf.Scalar =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        const maps = tf.conv2d(x as tf.Tensor4D, kernel as unknown as tf.Tensor4D, 2, 'same');
        const normal = batchNormTrain(maps, gamma, beta, 1e-3);
        average.assign(tf.add(tf.mul(average, 0.9), tf.mul(normal.batchMean, 0.1)));
        const pooled = tf.mean(tf.relu6(normal.y), [1, 2]);
        const logits = tf.matMul(pooled, dense);
        return tf.neg(tf.mean(tf.sum(tf.mul(y, tf.logSoftmax(logits)), -1)));
      }, weights);
      weights.forEach((weight, i) => {
        const momentum = momenta[i]!;
        momentum.assign(tf.add(tf.mul(momentum, 0.9), grads[weight.name]!));
        weight.assign(tf.sub(weight, tf.mul(momentum, rate)));
      });
      return value;
    });
  const dispose = () => tf.dispose([...weights, ...momenta, average]);
  return { step, average, dispose };
}

function batch(size: number, seed: number) {
  const random = new RandomStream(seed);
  return {
    x: tf.tensor(Float32Array.from({ length: size * 8 * 8 * 2 }, () => random.normal()), [size, 8, 8, 2]),
    y: tf.tidy(() => tf.oneHot(tf.tensor1d(Array.from({ length: size }, (_, i) => i % 3), 'int32'), 3).toFloat()),
  };
}

/** Losses of training from the same start, and the average in the end. */
async function train(compile: Backend['compile'], steps: number, sizes: readonly number[] = [6]) {
  const { step, average, dispose } = network();
  const compiled = compile(step);
  const batches = sizes.map(batch);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const rate = tf.scalar(0.05 / (1 + i));
    const loss = await compiled(batches[i % batches.length]!, rate);
    losses.push((await loss.data())[0]!);
    tf.dispose([loss, rate]);
  }
  const mean = Array.from(await average.data());
  compiled.dispose();
  dispose();
  tf.dispose(batches);
  return { losses, mean };
}

describe('a captured step', () => {
  it('gives the losses and statistics of the eager step over 50 steps, for two batch sizes', async () => {
    const eager = await train(eagerStep, 50, [6, 4]);
    const captured = await train((step) => backend.compile(step), 50, [6, 4]);
    captured.losses.forEach((loss, i) => expect(loss).toBeCloseTo(eager.losses[i]!, 4));
    captured.mean.forEach((value, i) => expect(value).toBeCloseTo(eager.mean[i]!, 4));
    expect(captured.losses.at(-1)).toBeLessThan(captured.losses[0]!);
    expect(warnings).toEqual([]);
  });

  it('repeats itself to the last bit', async () => {
    const run = () => train((step) => backend.compile(step), 30);
    expect(await run()).toEqual(await run());
  });

  it('leaves no tensor behind', async () => {
    const before = tf.memory().numTensors;
    await train((step) => backend.compile(step), 200);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('lets the event loop turn while it runs', async () => {
    const big = tf.ones([512, 512]);
    const compiled = backend.compile((x: tf.Tensor) => tf.tidy(() => Array.from({ length: 40 }).reduce<tf.Tensor>((y) => tf.matMul(y as tf.Tensor2D, x as tf.Tensor2D).mul(1 / 512), x)));
    tf.dispose(await compiled(big));
    let ticks = 0;
    let running = true;
    const tick = () => void (running && (ticks += 1, setImmediate(tick)));
    setImmediate(tick);
    const result = await compiled(big);
    running = false;
    expect(ticks).toBeGreaterThan(1);
    tf.dispose([big, result]);
    compiled.dispose();
  });
});

describe('a step that cannot be captured', () => {
  it('runs op by op, with one warning that says why', async () => {
    const reading = backend.compile((x: tf.Tensor) => tf.tidy(() => tf.mul(x, x.dataSync()[0]!)));
    const x = tf.tensor1d([3, 4]);
    for (let i = 0; i < 2; i++) {
      const y = await reading(x);
      expect(Array.from(await y.data())).toEqual([9, 12]);
      y.dispose();
    }
    await new Promise(setImmediate);
    expect(warnings.filter((message) => message.includes('op by op'))).toHaveLength(1);
    reading.dispose();
    x.dispose();
  });

  it('draws random numbers anew at each call instead of freezing them', async () => {
    const random = new RandomStream('draws');
    const drawing = backend.compile((x: tf.Tensor, stream: RandomStream) => tf.tidy(() => tf.mul(x, stream.next())));
    const x = tf.scalar(1);
    const seen = new Set<number>();
    for (let i = 0; i < 3; i++) {
      const y = await drawing(x, random.child(i));
      seen.add((await y.data())[0]!);
      y.dispose();
    }
    expect(seen.size).toBe(3);
    drawing.dispose();
    x.dispose();
  });

  it('fails with the step’s own error, and goes on afterwards', async () => {
    const failing = backend.compile((x: tf.Tensor) => tf.tidy(() => tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D)));
    const wrong = tf.ones([2, 3]);
    const right = tf.ones([2, 2]);
    await expect(failing(wrong)).rejects.toThrow(/inner shapes|matMul/i);
    const product = await failing(right);
    expect(Array.from(await product.data())).toEqual([2, 2, 2, 2]);
    tf.dispose([wrong, right, product]);
    failing.dispose();
    await expect(failing(right)).rejects.toMatchObject({ code: 'internal' });
  });
});
