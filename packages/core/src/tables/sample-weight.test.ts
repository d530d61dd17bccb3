import { expect, it } from 'vitest';
import { Computed } from './computed.ts';
import { sampleWeight } from './sample-weight.ts';

it('takes numbers from 0 on, as numbers or in writing', () => {
  for (const [cell, weight] of [
    ['2.5', 2.5],
    [' 1e-3 ', 0.001],
    [0, 0],
    [3n, 3],
    [new Computed(4n, 'B3'), 4],
  ] as const)
    expect(sampleWeight(cell)).toEqual({ weight });
});

it.each([
  ['-1', 'the weight "-1" is below 0'],
  [-0.5, 'the weight -0.5 is below 0'],
  ['NaN', 'the weight "NaN" is not a number'],
  [NaN, 'the weight NaN is not a number'],
  ['heavy', 'the weight "heavy" is not a number'],
  ['1,5', 'the weight "1,5" is not a number'],
  ['Infinity', 'the weight "Infinity" is not finite'],
  ['1e999', 'the weight "1e999" is not finite'],
  [true, 'the weight true is not a number'],
  [-3n, 'the weight -3 is below 0'],
  [[3n], 'the weight [3] is not a number'],
  ['', 'the weight is empty'],
  [null, 'the weight is empty'],
  [undefined, 'the weight is empty'],
])('refuses %s', (cell, fault) => {
  expect(sampleWeight(cell)).toEqual({ fault });
});
