import { describe, expect, it } from 'vitest';
import { tinyTokenizer } from '../encoders/tiny-encoder.test.kit.ts';
import { checkTokenizer } from './check-tokenizer.ts';

const split = (...patterns: string[]) => ({
  type: 'Sequence',
  pretokenizers: patterns.map((Regex) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated' })),
});
const check = (changes: object) => checkTokenizer(JSON.stringify({ ...tinyTokenizer(), ...changes }), 'it');

/** Patterns that published tokenizers have: of GPT-2, Llama 3, and o200k. */
const PUBLISHED = [
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  '[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{M}]*[\\p{Ll}\\p{M}]+(?:'s|'t)?|\\p{N}{1,3}|\\s*[\\r\\n/]+|\\s+",
  ' {2,}',
];

describe('checkTokenizer', () => {
  it('takes tokenizers as they are published', async () => {
    await expect(check({})).resolves.toBeUndefined();
    await expect(check({ pre_tokenizer: split(...PUBLISHED) })).resolves.toBeUndefined();
  });

  it('leaves what is not JSON to who reads it', async () => {
    await expect(checkTokenizer('{', 'it')).resolves.toBeUndefined();
  });

  it.each([
    ['ids beyond tables', { model: { vocab: { a: 2147483648 } } }, 'the id 2147483648'],
    ['ids that are none', { added_tokens: [{ content: 'a', id: 0.5 }] }, 'the id 0.5'],
    ['words of any length', { model: { vocab: { a: 0 }, max_input_chars_per_word: 1e9 } }, 'max_input_chars_per_word'],
    ['repetition of repetition', { pre_tokenizer: split('(a+)+$') }, 'repeats what repeats itself'],
    ['choice within repetition', { normalizer: split('(?:ab|ab)*c') }, 'repeats what repeats itself'],
    ['many endless repetitions', { pre_tokenizer: split('a*a*a*a*a*a*a*b') }, 'takes too long'],
  ])('refuses %s', async (_what, changes, message) => {
    await expect(check(changes)).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses nesting without an end', async () => {
    const deep = '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000);
    await expect(checkTokenizer(`{"normalizer":${deep}}`, 'it')).rejects.toThrow('nested more than 32 deep');
  });
});
