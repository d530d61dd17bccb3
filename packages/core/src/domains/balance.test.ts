import { expect, it } from 'vitest';
import { surplusOf } from './balance.ts';
import { splitTarget } from './splits.ts';
import type { ReadSample, Sample, SplitName } from './target-domain.ts';

/** Samples of a class whose digests fall as their ids rise. */
const many = (label: number, count: number, first = 0): Sample[] =>
  Array.from({ length: count }, (_, n) => ({
    id: `${label}/${first + n}`,
    digest: String(999_999 - first - n),
    label,
  }));

it('keeps so many times the smallest class of each, by digest, whatever the order', () => {
  const samples = [...many(0, 9), ...many(1, 2), ...many(2, 4)];
  const left = (of: Sample[]) => [...surplusOf(of, 2)].map(({ id }) => id).sort();
  expect(left(samples)).toEqual(['0/0', '0/1', '0/2', '0/3', '0/4']);
  expect(left([...samples].reverse())).toEqual(left(samples));
  expect(left(many(0, 9))).toEqual([]);
  expect(left([{ id: 'a', digest: 'd', labels: [0, 1] }])).toEqual([]);
});

it('leaves out training samples alone, and none without being asked', () => {
  const read = (split: SplitName, samples: Sample[]): ReadSample[] => samples.map((sample) => ({ sample, split }));
  const data = {
    id: 'd',
    modality: 'm',
    reader: 'r',
    labels: ['a', 'b'],
    samples: [
      ...read('train', [...many(0, 50), ...many(1, 2)]),
      ...read('validation', many(0, 60, 100)),
      ...read('test', many(0, 70, 200)),
    ],
    skipped: [],
  };
  const options = { shares: [70, 10, 20], seed: 0 } as const;
  const { splits, surplus } = splitTarget(data, { ...options, balance: 20 });
  expect([splits.train.length, splits.validation.length, splits.test.length, surplus]).toEqual([42, 60, 70, 10]);
  const whole = splitTarget(data, options);
  expect([whole.splits.train.length, whole.surplus]).toEqual([52, undefined]);
});
