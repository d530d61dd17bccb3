import { describe, expect, it } from 'vitest';
import { listedItems } from './listed-labels.ts';

describe('listedItems', () => {
  it.each([
    ['["a", "b"]', ['a', 'b']],
    [' [ 1, 2 ] ', [1, 2]],
    ['[]', []],
    ["['a', 'b']", ['a', 'b']],
    ["['a' 'b']", ['a', 'b']],
    [`["it's", 'b']`, ["it's", 'b']],
    ["['it\\'s']", ["it's"]],
    ["('a',)", ['a']],
    ["{'a', 'b'}", ['a', 'b']],
    ['[0 1]', ['0', '1']],
    ['{"choices": ["a", "b"]}', ['a', 'b']],
  ])('takes %s for a list', (cell, items) => {
    expect(listedItems(cell)).toEqual(items);
  });

  it.each(['a', '', '[other]', '(other)', '{"a": 1}', '{}', '()', "['a', b]", '[1 b]', 'a, b', "'a'", "['a"])(
    'takes %s for a word',
    (cell) => {
      expect(listedItems(cell)).toBeUndefined();
    },
  );
});
