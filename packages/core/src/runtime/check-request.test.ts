import { describe, expect, it } from 'vitest';
import type { TransferRequest } from '../runs/request.ts';
import { checkRequest } from './check-request.ts';

const whole: TransferRequest = {
  target: 'x',
  epochs: 1,
  batchSize: 1,
  seed: 0,
  shots: 1,
  learningRate: 1e-9,
  weightDecay: 0,
  labelSmoothing: 0,
  ema: 0,
  patience: 1,
  views: 1,
  checkpointEvery: 1,
  split: [0, 0, 1],
};

describe('checkRequest', () => {
  it('takes the smallest values, the automatic rate, and nothing but a target', () => {
    for (const request of [whole, { target: 'x' }, { ...whole, learningRate: 'auto' as const }])
      expect(() => checkRequest(request)).not.toThrow();
  });

  it.each<[string, unknown]>([
    ['target', ''],
    ['target', undefined],
    ['epochs', 0],
    ['epochs', 1.5],
    ['batchSize', -1],
    ['seed', -1],
    ['seed', 2 ** 60],
    ['shots', 0],
    ['learningRate', 0],
    ['learningRate', NaN],
    ['learningRate', 'fast'],
    ['weightDecay', -1],
    ['labelSmoothing', 1],
    ['ema', 1],
    ['ema', -0.1],
    ['patience', 0],
    ['views', 0],
    ['checkpointEvery', 0],
    ['split', [1, 2]],
    ['split', [1, -1, 1]],
    ['split', [1, Infinity, 1]],
  ])('refuses %s %j by its name', (name, value) => {
    expect(() => checkRequest({ ...whole, [name]: value })).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining(`"${name}`) as string }),
    );
  });

  it('refuses options that there are not, and names the nearest', () => {
    expect(() => checkRequest({ ...whole, epoch: 3 } as TransferRequest)).toThrow(
      expect.objectContaining({
        code: 'invalid-option',
        message: 'A transfer takes no option "epoch".',
        hint: 'Did you mean "epochs"?',
      }),
    );
  });
});
