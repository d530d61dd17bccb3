import { expect, it } from 'vitest';
import { settleLength, type AskedLength, type UsualTraining } from './training-length.ts';

const usual: UsualTraining = { epochs: 5, batchSize: 16, steps: 150 };
const settled = (asked: AskedLength, samples: number, length = usual) => {
  const { epochs, batchSize, why } = settleLength(asked, length, samples, 'fine-tune');
  return [epochs, batchSize, why.epochs, why.batchSize];
};
const byDefault = 'default for fine-tune';

it('passes over few samples so often that the usual steps are made', () => {
  // 21 samples are 2 batches: 75 epochs make 150 steps; 480 are 30 batches, of which 5 epochs make as many.
  expect(settled({}, 21)).toEqual([
    75,
    16,
    'default for fine-tune: 150 steps of 21 samples in batches of 16, of which 5 epochs make too few',
    byDefault,
  ]);
  expect(settled({}, 100).slice(0, 1)).toEqual([22]);
  expect(settled({}, 480)).toEqual([5, 16, byDefault, byDefault]);
  expect(settled({}, 100_000)).toEqual([5, 16, byDefault, byDefault]);
  expect(settled({ batchSize: 1 }, 30)).toEqual([5, 1, byDefault, 'asked for']);
  expect(settled({}, 1, { ...usual, mostEpochs: 40 }).slice(0, 1)).toEqual([40]);
  expect(settled({}, 1, { epochs: 7, batchSize: 2 })).toEqual([7, 2, byDefault, byDefault]);
});

it('takes what is asked for: epochs, or as many as make the steps', () => {
  expect(settled({ epochs: 3 }, 21)).toEqual([3, 16, 'asked for', byDefault]);
  expect(settled({ steps: 7, batchSize: 7 }, 21)).toEqual([
    3,
    7,
    '7 steps asked for, of 21 samples in batches of 7',
    'asked for',
  ]);
  expect(settled({ steps: 1 }, 1000).slice(0, 1)).toEqual([1]);
  expect(() => settled({ epochs: 3, steps: 7 }, 21)).toThrow(
    expect.objectContaining({
      code: 'invalid-option',
      message: expect.stringContaining('3 epochs and 7 steps') as string,
    }),
  );
});
