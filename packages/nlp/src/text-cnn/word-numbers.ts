import type { TextInput } from '../texts/text-backbone.ts';
import type { Tokens } from '../tokens/token-cutter.ts';
import { wordRows } from '../vectors/split-words.ts';

/** Numbers before the words': padding, and what stands for a text's words that are not known. */
export const RESERVED = 2;
const UNKNOWN = 1;

/**
 * Cuts texts into numbers of words: 1 for a text without a known word, from 2 on the vocabulary's. Words that are not known
 * are left out; a pair is read as one text.
 * @param longest the most words of a text; what comes after is cut off
 */
export function wordNumbers(words: readonly string[], longest: number): (input: TextInput) => Tokens {
  const known = new Map(words.map((word, i) => [word, i + RESERVED]));
  return ({ text, pair }) => {
    const rows = wordRows(pair === undefined ? text : `${text} ${pair}`, known).slice(0, longest);
    const ids = rows.length > 0 ? rows : [UNKNOWN];
    return { ids, types: ids.map(() => 0) };
  };
}
