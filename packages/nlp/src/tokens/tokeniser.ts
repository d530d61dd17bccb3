import { HeadstartError } from '@headstart/core';
import type { PageFile } from '@headstart/core/export';
import { createHash } from 'node:crypto';
import type { TextInput } from '../texts/text-backbone.ts';
import { TokenCutter, type Tokens } from './token-cutter.ts';

/** The text of the files that say how a checkpoint cuts texts. */
export interface TokeniserFiles {
  readonly tokenizer: string;
  readonly config?: string;
}

/** Their names, in a model's folder and beside a page. */
export const TOKENIZER_FILES = { tokenizer: 'tokenizer.json', config: 'tokenizer_config.json' } as const;

export interface TokeniserOptions {
  /** The most tokens of a text, or of one of its windows, special ones included. */
  readonly longest: number;
  /** The most windows that a longer text is read in; it is cut where there is one. */
  readonly windows?: number;
  /** What every text is read with in front of it, such as `query: `. */
  readonly prefix?: string;
}

/** A tokenizer of a checkpoint, with truncation. */
export class Tokeniser {
  readonly cut = 'tokens';
  /** SHA-256 of the files and the prefix. */
  readonly digest: string;
  /** The most tokens of a text, or of one of its windows, special ones included. */
  readonly longest: number;
  /** The most windows of a text. */
  readonly windows: number;
  /** What every text is read with in front of it. */
  readonly prefix: string;
  readonly #files: TokeniserFiles;
  readonly #cutter: TokenCutter;

  /**
   * @param files the text of `tokenizer.json`, and of `tokenizer_config.json` where there is one
   * @throws HeadstartError `checkpoint-invalid`
   */
  constructor(
    files: TokeniserFiles,
    { longest, windows = 1, prefix = '' }: TokeniserOptions,
    private readonly from: string,
  ) {
    this.longest = longest;
    this.windows = windows;
    this.prefix = prefix;
    const { tokenizer, config = '{}' } = files;
    const digest = createHash('sha256').update(tokenizer).update('\0').update(config);
    this.digest = (prefix === '' ? digest : digest.update('\0').update(prefix)).digest('hex');
    try {
      this.#cutter = inUse(
        `${this.digest} ${longest} ${windows}`,
        () =>
          new TokenCutter(
            JSON.parse(tokenizer) as object,
            JSON.parse(config) as object,
            { longest, windows, prefix },
            withoutId,
          ),
      );
    } catch (cause) {
      throw unreadable(from, cause);
    }
    this.#files = files;
  }

  /** The most tokens of a text, of all its windows. */
  get most(): number {
    return this.longest * this.windows;
  }

  /** One more than the largest number it gives. */
  get size(): number {
    return this.#cutter.size;
  }

  /** Tokens of a text or a pair; a pair that is too long loses tokens of its longer text first. */
  encode(input: TextInput): Tokens {
    return this.#attempt(() => this.#cutter.encode(input));
  }

  /** Whether a text or a pair has more tokens than are read. */
  exceeds(input: TextInput): boolean {
    return this.#attempt(() => this.#cutter.exceeds(input));
  }

  /** What the library throws for a tokenizer of which it has not seen before that it cannot run it. */
  #attempt<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      if (HeadstartError.is(cause)) throw cause;
      throw unreadable(this.from, cause);
    }
  }

  /** The files by which a page cuts texts alike. */
  pageFiles(): PageFile[] {
    const { tokenizer, config = '{}' } = this.#files;
    return [
      [TOKENIZER_FILES.tokenizer, tokenizer],
      [TOKENIZER_FILES.config, config],
    ];
  }
}

const cutters = new Map<string, WeakRef<TokenCutter>>();

/** The same cutter for all who use it at a time: one of a quarter of a million pieces takes seconds and 200 MB to build. */
function inUse(key: string, build: () => TokenCutter): TokenCutter {
  const cutter = cutters.get(key)?.deref() ?? build();
  cutters.set(key, new WeakRef(cutter));
  return cutter;
}

function unreadable(from: string, cause: unknown): HeadstartError {
  return new HeadstartError({
    code: 'checkpoint-invalid',
    message: `The tokenizer of ${from} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    hint: 'The source needs a tokenizer.json as the tokenizers library saves it.',
    cause,
  });
}

function withoutId(token: string): HeadstartError {
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `The tokenizer has no id for "${token}" and no token for unknown pieces.`,
    hint: 'Use the tokenizer.json that was published with the weights.',
  });
}
