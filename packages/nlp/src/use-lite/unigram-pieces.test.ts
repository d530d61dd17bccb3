import { describe, expect, it } from 'vitest';
import { UnigramPieces } from './unigram-pieces.ts';

describe('UnigramPieces', () => {
  const pieces = new UnigramPieces(
    [
      ['?', 0],
      ['<s>', 0],
      ['▁', -2],
      ['a', -3],
      ['b', -3],
      ['ab', -4],
      ['▁a', -3.5],
      ['abb', -9],
      ['fi', -1],
    ],
    2,
  );
  const cut = (text: string) => pieces.encode(text);

  it('takes the likeliest cut, by hand', () => {
    // "▁ab": ▁+ab -6; ▁a+b -6.5; ▁+a+b -8.
    expect(cut('ab')).toEqual([2, 5]);
    // "▁abb": ▁+ab+b -9; ▁a+b+b -9.5; ▁+abb -11.
    expect(cut('abb')).toEqual([2, 5, 4]);
    // "▁aab": ▁a+ab -7.5; ▁+a+ab -9.
    expect(cut('aab')).toEqual([6, 5]);
  });

  it('counts neighbouring unknown characters as one, also those of two code units', () => {
    expect(cut('a😀x b')).toEqual([6, 0, 2, 4]);
  });

  it('normalises, keeps each space, and has nothing for nothing', () => {
    expect(cut('ﬁ')).toEqual([2, 8]);
    expect(cut('  a')).toEqual([2, 2, 6]);
    expect(cut('')).toEqual([]);
    expect(
      new UnigramPieces(
        [
          ['?', 0],
          ['<s>', -1],
        ],
        2,
      ).encode('<s>'),
    ).toEqual([0]);
  });
});
