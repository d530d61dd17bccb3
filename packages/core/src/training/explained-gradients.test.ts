import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { explainedGradients } from './explained-gradients.ts';

describe('explainedGradients', () => {
  beforeAll(async () => void (await tf.setBackend('cpu')));

  it('names the operation that no gradient flows through', () => {
    const weight = tf.variable(tf.tensor1d([3, 1, 2]));
    expect(() => tf.tidy(() => explainedGradients(() => tf.sum(tf.topk(weight, 2).values), [weight]).value)).toThrow(
      expect.objectContaining({
        code: 'not-supported',
        message: expect.stringContaining('TopK') as string,
        hint: expect.stringContaining('linear-probe') as string,
      }) as Error,
    );
    weight.dispose();
  });

  it('gives gradients, and other failures as they are', () => {
    const weight = tf.variable(tf.tensor1d([3, 1, 2]));
    const { value, grads } = explainedGradients(() => tf.sum(tf.square(weight)), [weight]);
    expect([value.dataSync()[0], ...grads[weight.name]!.dataSync()]).toEqual([14, 6, 2, 4]);
    const failure = new Error('something else');
    expect(() =>
      explainedGradients(() => {
        throw failure;
      }, [weight]),
    ).toThrow(failure);
    tf.dispose([value, grads, weight]);
  });
});
