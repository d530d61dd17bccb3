import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { dropout } from './dropout.ts';
import { RandomStream } from './random-stream.ts';
import { StepRandom, stepSeed } from './step-random.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const seeded = (name: string | number) => new StepRandom(tf.tensor1d(stepSeed(new RandomStream(name)), 'int32'));

describe('random numbers inside a step', () => {
  it('are the same for the same seed and name, others for another seed or name', () => {
    const draw = (random: StepRandom) => [...random.uniform([4]).dataSync()];
    expect(draw(seeded(1).child('a'))).toEqual(draw(seeded(1).child('a')));
    expect(draw(seeded(1).child('a'))).not.toEqual(draw(seeded(2).child('a')));
    expect(draw(seeded(1).child('a'))).not.toEqual(draw(seeded(1).child('b')));
    expect(draw(seeded(1).child('a', 0))).toEqual(draw(seeded(1).child('a').child(0)));
  });

  it('spread evenly over [0, 1)', () => {
    const values = [...seeded(3).uniform([100, 100]).dataSync()];
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    // The mean of 10,000 uniform numbers deviates by 1 / sqrt(12 * 10,000) = 0.0029; five of these.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.0145);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
  });
});

describe('dropout', () => {
  it('zeroes a share and keeps the expectation', () => {
    const y = dropout(tf.ones([100, 100]), 0.25, seeded(4)).dataSync();
    const zeros = y.filter((value) => value === 0).length;
    // Binomial: 10,000 draws at 0.25 deviate by sqrt(10,000 * 0.25 * 0.75) = 43; five of these.
    expect(Math.abs(zeros - 2500)).toBeLessThan(217);
    expect(y.every((value) => value === 0 || Math.abs(value - 4 / 3) < 1e-6)).toBe(true);
  });

  it('hands gradients on where it kept the value', () => {
    const random = seeded(5);
    const x = tf.ones([50]);
    const y = dropout(x, 0.5, random).dataSync();
    expect([
      ...tf
        .grad((value: tf.Tensor) => tf.sum(dropout(value, 0.5, random)))(x)
        .dataSync(),
    ]).toEqual([...y]);
  });

  it('does nothing at rate 0', () => {
    const x = tf.ones([3]);
    expect(dropout(x, 0, seeded(6))).toBe(x);
  });
});
