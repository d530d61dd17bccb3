import type { PageFile } from '@headstart/core/export';
import type { InputLimit } from '@headstart/core/readers';
import { createHash } from 'node:crypto';
import type { TextInput } from '../texts/text-backbone.ts';
import type { Tokens } from '../tokens/token-cutter.ts';
import { RESERVED, wordNumbers } from './word-numbers.ts';

/** The most words of a text that can be asked for. */
export const MOST_WORDS = 4096;

/** How much of a text is read. */
export function wordLimit(vocabulary: WordVocabulary): InputLimit {
  const { longest } = vocabulary;
  const hint =
    longest < MOST_WORDS
      ? `Train with text-cnn:<file>#length=${Math.min(2 * longest, MOST_WORDS)}, or shorten the texts to what matters.`
      : 'Shorten the texts to what matters.';
  return { most: longest, unit: 'words', exceeds: ([text = '', pair]) => vocabulary.exceeds({ text, pair }), hint };
}

/** Texts as numbers of words: 0 for padding, 1 for a text without a known word, from 2 on the vocabulary's. */
export class WordVocabulary {
  readonly cut = 'words';
  readonly digest: string;
  readonly #numbers: (input: TextInput) => Tokens;
  readonly #all: (input: TextInput) => Tokens;

  /** @param longest the most words of a text; what comes after is cut off */
  constructor(
    readonly words: readonly string[],
    readonly longest: number,
  ) {
    this.#numbers = wordNumbers(words, longest);
    this.#all = wordNumbers(words, longest + 1);
    this.digest = createHash('sha256').update(words.join('\n')).digest('hex');
  }

  /** Rows that a table of vectors needs. */
  get size(): number {
    return this.words.length + RESERVED;
  }

  /** Words that are not known are left out; a pair is read as one text. */
  encode(input: TextInput): Tokens {
    return this.#numbers(input);
  }

  /** Whether a text, or a pair read as one, has more words than are read. */
  exceeds(input: TextInput): boolean {
    return this.#all(input).ids.length > this.longest;
  }

  /** A table `[size, width]` with the words' vectors, zeros before them. */
  table(values: Float32Array, width: number): Float32Array {
    const table = new Float32Array(this.size * width);
    table.set(values.subarray(0, this.words.length * width), RESERVED * width);
    return table;
  }

  /** The file by which a page cuts texts alike. */
  pageFiles(): PageFile[] {
    return [['words.json', JSON.stringify({ words: this.words })]];
  }
}
