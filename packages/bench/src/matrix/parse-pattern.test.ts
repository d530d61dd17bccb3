import { expect, it } from 'vitest';
import { parsePattern } from './parse-pattern.ts';

it('reads cells as a command line names them', () => {
  expect(parsePattern('source=minilm-l6,shots=8,seed=0')).toEqual({ source: 'minilm-l6', shots: 8, seed: 0 });
  expect(parsePattern('train=a, b and c,adapt=,shots=all')).toEqual({ train: 'a, b and c', adapt: null, shots: 'all' });
});

it.each([
  ['sorce=a', /"sorce" is no coordinate of a cell/],
  ['minilm', /"minilm" has no "="/],
  ['seed=1,seed=2', /"seed" is given twice/],
  ['shots=some', /shots/],
])('refuses %s', (text, says) => {
  expect(() => parsePattern(text)).toThrow(says);
});
