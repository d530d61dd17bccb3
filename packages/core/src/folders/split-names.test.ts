import { expect, it } from 'vitest';
import { splitNamed } from './split-names.ts';

it.each([
  ['train', 'train training Train TRAIN train_set training_set trainset train2017 train_2017 seg_train trn'],
  ['validation', 'val valid validation Validation dev eval evaluation val2017 valid_set validation-set Dev'],
  ['test', 'test testing Testing test_set testset seg_test tst holdout hold-out test2017'],
] as const)('knows what is called %s', (split, names) => {
  for (const name of names.split(' ')) expect([name, splitNamed(name)]).toEqual([name, split]);
});

it('knows words with blanks, in data files and in their shards', () => {
  expect(splitNamed(' Training set ')).toBe('train');
  expect(splitNamed('train_data')).toBe('train');
  expect(splitNamed('dev.csv')).toBe('validation');
  expect(splitNamed('test.jsonl.gz')).toBe('test');
  expect(splitNamed('train-00000-of-00002.parquet')).toBe('train');
});

it('takes no other name for one', () => {
  const names =
    'invalid trains trainer bus train_masks train.png test_vehicle trainval ground_truth seg_pred device development';
  for (const name of [...names.split(' '), '', 'constructor', '2017', 'set', 'contest', 'retrain']) {
    expect([name, splitNamed(name)]).toEqual([name, undefined]);
  }
});
