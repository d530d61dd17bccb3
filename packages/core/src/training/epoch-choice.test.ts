import { describe, expect, it } from 'vitest';
import type { EpochInfo } from '../runs/events.ts';
import { chooseEpoch, LEAST_TO_CHOOSE_BY } from './epoch-choice.ts';

type Validation = EpochInfo['validation'];

const chosen = (validations: readonly Validation[], samples = LEAST_TO_CHOOSE_BY, mode: 'max' | 'min' = 'max') =>
  chooseEpoch(
    { metric: 'accuracy', mode },
    validations.map((validation, i) => ({
      phase: 'probe',
      epoch: i + 1,
      epochs: 9,
      loss: 1,
      learningRate: 1,
      seconds: 1,
      validation,
    })),
    samples,
  );

describe('the epoch that is kept', () => {
  it('is the best by the metric, then by loss, then the later one', () => {
    const seen = [
      { accuracy: 0.5, loss: 0.1 },
      { accuracy: 0.9, loss: 0.4 },
      { accuracy: 0.7, loss: 0.2 },
    ];
    expect(chosen(seen)).toEqual({
      phase: 'probe',
      epoch: 2,
      of: 3,
      by: 'metric',
      why: 'the best by validation accuracy 0.9000',
    });
    expect(chosen([...seen, { accuracy: 0.9, loss: 0.3 }, { accuracy: 0.9, loss: 0.35 }])).toMatchObject({
      epoch: 4,
      by: 'loss',
      why: 'of 3 with validation accuracy 0.9000 the one of least validation loss, 0.3000',
    });
    expect(chosen([{ accuracy: 1, loss: 0.2 }, { accuracy: 1, loss: 0.2 }, seen[0]])).toMatchObject({
      epoch: 2,
      by: 'later',
    });
    expect(chosen([{ accuracy: 1 }, { accuracy: 1 }])).toMatchObject({ epoch: 2, by: 'later' });
    expect(chosen(seen, LEAST_TO_CHOOSE_BY, 'min')).toMatchObject({ epoch: 1, by: 'metric' });
  });

  it.each([
    [[{ accuracy: 1 }, { accuracy: 0.5 }], LEAST_TO_CHOOSE_BY - 1, 'too few to choose by'],
    [[{ accuracy: 1 }, { accuracy: 0.5 }], 1, '1 validation sample is too few'],
    [[undefined, undefined], 0, 'there is no validation split'],
    [[undefined, undefined], LEAST_TO_CHOOSE_BY, 'cannot be validated'],
    [[{ loss: 1 }, { loss: 2 }], LEAST_TO_CHOOSE_BY, 'no epoch has a validation accuracy'],
  ] as const)('is the last one where there is nothing to choose by: %j, %i samples', (seen, samples, why) => {
    expect(chosen(seen, samples)).toMatchObject({ epoch: 2, by: 'last', why: expect.stringContaining(why) as string });
  });
});
