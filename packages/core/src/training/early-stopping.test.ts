import { describe, expect, it } from 'vitest';
import { earlyStopping } from './early-stopping.ts';
import type { EpochInfo } from '../runs/events.ts';

function history(values: readonly (number | undefined)[]): EpochInfo[] {
  return values.map((value, i) => ({
    phase: 'p',
    epoch: i + 1,
    epochs: 9,
    loss: 1,
    learningRate: 1,
    seconds: 1,
    validation: value === undefined ? undefined : { score: value },
  }));
}

const answer = (values: readonly (number | undefined)[], patience: number, mode: 'max' | 'min' = 'max') => {
  const epochs = history(values);
  return earlyStopping({ metric: 'score', mode }, patience)(epochs.at(-1)!, epochs);
};

describe('earlyStopping', () => {
  it.each([
    [[0.5], 1, undefined],
    [[0.5, 0.4], 1, 'stop'],
    [[0.5, 0.5], 1, 'stop'], // as good is not better
    [[0.5, 0.4], 2, undefined],
    [[0.5, 0.4, 0.3], 2, 'stop'],
    [[0.5, 0.4, 0.6], 2, undefined],
    [[0.5, 0.4, 0.6, 0.5, 0.5], 2, 'stop'],
    [[0.5, Number.NaN], 1, 'stop'],
    [[Number.NaN, 0.1], 1, undefined],
  ] as const)('after %j with patience %i: %s', (values, patience, expected) => {
    expect(answer(values, patience)).toBe(expected);
  });

  it('watches for less where less is better, and never stops without validation', () => {
    expect(answer([0.5, 0.6], 1, 'min')).toBe('stop');
    expect(answer([0.5, 0.4], 1, 'min')).toBeUndefined();
    expect(answer([undefined, undefined, undefined], 1)).toBeUndefined();
  });

  it('takes a lower validation loss for an improvement while the metric stays', () => {
    const stops = (losses: readonly number[]) => {
      const epochs = history(losses.map(() => 1)).map((epoch, i) => ({
        ...epoch,
        validation: { ...epoch.validation, loss: losses[i]! },
      }));
      return earlyStopping({ metric: 'score', mode: 'max' }, 2)(epochs.at(-1)!, epochs);
    };
    expect(stops([0.5, 0.4, 0.3, 0.2])).toBeUndefined();
    expect(stops([0.5, 0.4, 0.4, 0.4])).toBe('stop');
    expect(stops([0.5, 0.4, 0.41])).toBeUndefined();
  });
});
