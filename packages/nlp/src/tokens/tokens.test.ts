import { describe, expect, it } from 'vitest';
import { tinyTokenizer } from '../encoders/tiny-encoder.test.kit.ts';
import { bucketFor } from './buckets.ts';
import { TokenInputs } from './token-inputs.ts';
import { tokenLimit } from './token-limit.ts';
import { allot } from './token-cutter.ts';
import { Tokeniser } from './tokeniser.ts';

const tokeniser = (longest: number, windows = 1) =>
  new Tokeniser({ tokenizer: JSON.stringify(tinyTokenizer()) }, { longest, windows }, 'tiny');
// [PAD] 0, [UNK] 1, [CLS] 2, [SEP] 3, the 4, a 5, cat 6, dog 7, sat 8, on 9, mat 10, good 11, bad 12, very 13, film 14, ##s 15, ##ly 16, . 17
const CLS = 2;
const SEP = 3;

describe('Tokeniser', () => {
  it('gives word pieces between the special tokens, and marks the second text of a pair', () => {
    const whole = tokeniser(16);
    expect(whole.encode({ text: 'The cats sat.' })).toEqual({
      ids: [CLS, 4, 6, 15, 8, 17, SEP],
      types: [0, 0, 0, 0, 0, 0, 0],
    });
    expect(whole.encode({ text: '' }).ids).toEqual([CLS, SEP]);
    expect(whole.encode({ text: 'zebra' }).ids).toEqual([CLS, 1, SEP]);
    expect(whole.encode({ text: 'a cat', pair: 'a dog' })).toEqual({
      ids: [CLS, 5, 6, SEP, 5, 7, SEP],
      types: [0, 0, 0, 0, 1, 1, 1],
    });
    expect(whole.size).toBe(20);
  });

  it('cuts texts that are too long and keeps the special tokens', () => {
    expect(tokeniser(5).encode({ text: 'the cat sat on the mat' }).ids).toEqual([CLS, 4, 6, 8, SEP]);
    expect(tokeniser(8).encode({ text: 'the cat sat on the mat', pair: 'a dog' }).ids).toEqual([
      CLS,
      4,
      6,
      8,
      SEP,
      5,
      7,
      SEP,
    ]);
    expect(tokeniser(8).encode({ text: 'a dog', pair: 'the cat sat on the mat' }).ids).toEqual([
      CLS,
      5,
      7,
      SEP,
      4,
      6,
      8,
      SEP,
    ]);
  });

  it('gives the first tokens of a long text as it gives them of the whole', () => {
    const text = Array.from(
      { length: 5000 },
      (_, i) => ['the', 'cats', 'sat', 'very', 'zebra', 'film.'][(i * i) % 6],
    ).join(' ');
    const [short, long] = [tokeniser(40), tokeniser(100_000)].map((each) => each.encode({ text }).ids);
    expect(short!.slice(0, -1)).toEqual(long!.slice(0, 39));
    expect(tokeniser(8).encode({ text: 'x'.repeat(10_000) }).ids).toEqual([CLS, 1, SEP]);
  });

  it('shares room between the texts of a pair as the longer one can spare it', () => {
    expect(allot(3, 4, 10)).toEqual([3, 4]);
    expect(allot(9, 2, 8)).toEqual([6, 2]);
    expect(allot(2, 9, 8)).toEqual([2, 6]);
    expect(allot(9, 9, 7)).toEqual([3, 4]);
    expect(allot(9, 0, 7)).toEqual([7, 0]);
  });

  it('cuts a long text into full windows, each with special tokens, and says when even these do not hold it', () => {
    const cutter = tokeniser(8, 3);
    const words = 'the cat sat on the mat good bad very film the dog sat on a mat'.split(' ');
    const whole = tokeniser(100)
      .encode({ text: words.join(' ') })
      .ids.slice(1, -1);
    const { ids, types } = cutter.encode({ text: words.join(' ') });
    expect(ids).toEqual([0, 6, 12].flatMap((from) => [CLS, ...whole.slice(from, from + 6), SEP]));
    expect(types).toEqual(ids.map(() => 0));
    expect(cutter.exceeds({ text: words.join(' ') })).toBe(false);
    expect(cutter.exceeds({ text: `${words.join(' ')} very very very` })).toBe(true);
    expect(cutter.encode({ text: 'the cat' }).ids).toEqual(tokeniser(8).encode({ text: 'the cat' }).ids);
    expect(cutter.encode({ text: '' }).ids).toEqual([CLS, SEP]);
    // Two texts that are read at once are cut as before.
    const pair = { text: words.join(' '), pair: words.join(' ') };
    expect(cutter.encode(pair)).toEqual(tokeniser(8).encode(pair));
  });

  it('refuses a file that is not a tokenizer', () => {
    expect(() => new Tokeniser({ tokenizer: '{' }, { longest: 8 }, 'tiny')).toThrow(
      expect.objectContaining({ code: 'checkpoint-invalid' }),
    );
  });
});

describe('TokenInputs', () => {
  const inputs = new TokenInputs(tokeniser(32), tokenLimit(tokeniser(32)), { vocabulary: 20, padId: 0, types: 2 });

  it('pads to one length, and fits a batch to the bucket of its longest text', () => {
    const rows = ['a cat', 'the cat sat on the mat very very very very good dog'.repeat(2)].map((text) =>
      inputs.encode({ text }),
    );
    expect(rows.map((row) => row['ids']!.length)).toEqual([32, 32]);
    const joined = (chosen: typeof rows, name: string) => Int32Array.from(chosen.flatMap((row) => [...row[name]!]));
    const batch = (chosen: typeof rows) => ({
      ids: joined(chosen, 'ids'),
      mask: joined(chosen, 'mask'),
      types: joined(chosen, 'types'),
    });
    const short = inputs.fit(batch([rows[0]!]), 1);
    expect(short.specs['ids']).toEqual({ shape: [8], dtype: 'int32', below: 20 });
    expect([...short.inputs['ids']!]).toEqual([CLS, 5, 6, SEP, 0, 0, 0, 0]);
    expect([...short.inputs['mask']!]).toEqual([1, 1, 1, 1, 0, 0, 0, 0]);
    const both = inputs.fit(batch(rows), 2);
    expect(both.specs['mask']!.shape).toEqual([28]);
    expect([...both.inputs['ids']!.subarray(0, 5)]).toEqual([CLS, 5, 6, SEP, 0]);
    expect(inputs.length({ text: 'a cat' })).toBe(8);
  });

  it('knows few lengths, the longest among them', () => {
    expect([1, 16, 17, 65, 200].map((tokens) => bucketFor(tokens, 200))).toEqual([8, 16, 20, 96, 200]);
    expect(bucketFor(9, 10)).toBe(10);
  });
});
