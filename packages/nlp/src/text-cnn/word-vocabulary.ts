import { createHash } from 'node:crypto';
import type { TextInput } from '../texts/text-backbone.ts';
import type { Tokens } from '../tokens/tokeniser.ts';
import { wordRows } from '../vectors/split-words.ts';

/** Numbers before the words': padding, and what stands for a text's words that are not known. */
const RESERVED = 2;
const UNKNOWN = 1;

/** Texts as numbers of words: 0 for padding, 1 for a text without a known word, from 2 on the vocabulary's. */
export class WordVocabulary {
  readonly digest: string;
  readonly #rows: ReadonlyMap<string, number>;

  /** @param longest the most words of a text; what comes after is cut off */
  constructor(
    readonly words: readonly string[],
    readonly longest: number,
  ) {
    this.#rows = new Map(words.map((word, i) => [word, i + RESERVED]));
    this.digest = createHash('sha256').update(words.join('\n')).digest('hex');
  }

  /** Rows that a table of vectors needs. */
  get size(): number {
    return this.words.length + RESERVED;
  }

  /** Words that are not known are left out; a pair is read as one text. */
  encode({ text, pair }: TextInput): Tokens {
    const rows = wordRows(pair === undefined ? text : `${text} ${pair}`, this.#rows).slice(0, this.longest);
    const ids = rows.length > 0 ? rows : [UNKNOWN];
    return { ids, types: ids.map(() => 0) };
  }

  /** A table `[size, width]` with the words' vectors, zeros before them. */
  table(values: Float32Array, width: number): Float32Array {
    const table = new Float32Array(this.size * width);
    table.set(values.subarray(0, this.words.length * width), RESERVED * width);
    return table;
  }
}
