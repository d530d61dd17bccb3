import { Tokenizer } from '@huggingface/tokenizers';
import type { TextInput } from '../texts/text-backbone.ts';

/** A text in tokens, special ones included: never more than the longest that was asked for. */
export interface Tokens {
  readonly ids: readonly number[];
  /** The segment of each token: 0, and 1 for the second text of a pair. */
  readonly types: readonly number[];
}

/** Characters that are tokenised first for each token that is wanted. */
const CHARACTERS_PER_TOKEN = 16;

/** The part of the library's class that is used here. (Its declarations do not resolve under Node's rules for ES modules.) */
interface LibraryTokenizer {
  readonly post_processor:
    | ((tokens: string[], pair: string[] | null, special: boolean) => { tokens: string[]; token_type_ids?: number[] })
    | null;
  tokenize(text: string): string[];
  token_to_id(token: string): number | undefined;
  get_vocab(added: boolean): Map<string, number>;
  get_added_tokens_decoder(): Map<number, { content: string }>;
}

interface UnknownPiece {
  readonly unk_token?: string | null;
  readonly unk_id?: number | null;
}

const LibraryTokenizer = Tokenizer as unknown as new (tokenizer: object, config: object) => LibraryTokenizer;

/** Cuts texts into the tokens of a `tokenizer.json`, and no more than so many. Runs in Node and in browsers. */
export class TokenCutter {
  /** One more than the largest number it gives. */
  readonly size: number;
  readonly longest: number;
  readonly #prefix: string;
  readonly #windows: number;
  readonly #tokenizer: LibraryTokenizer;
  readonly #added: ReadonlyMap<string, number>;
  readonly #unknown: number | undefined;

  /**
   * @param tokenizer `tokenizer.json` @param config `tokenizer_config.json`
   * @param options.longest the most tokens of a text, or of one of its windows, special ones included
   * @param options.prefix what every text is read with in front of it
   * @param options.windows the most windows of a text
   * @param missing the error for a token without an id
   * @throws what the library throws for files that it cannot read
   */
  constructor(
    tokenizer: object,
    config: object,
    { longest, prefix, windows = 1 }: { readonly longest: number; readonly prefix: string; readonly windows?: number },
    private readonly missing: (token: string) => Error,
  ) {
    this.longest = longest;
    this.#prefix = prefix;
    this.#windows = windows;
    this.#tokenizer = new LibraryTokenizer(tokenizer, config);
    this.#added = new Map([...this.#tokenizer.get_added_tokens_decoder()].map(([id, { content }]) => [content, id]));
    this.#unknown = this.#idOfUnknown(tokenizer);
    const ids = [...this.#added.values(), ...this.#tokenizer.get_vocab(false).values()];
    this.size = 1 + ids.reduce((most, id) => Math.max(most, id), -1);
  }

  /**
   * Tokens of a text or a pair; a pair that is too long loses tokens of its longer text first. A text alone that is too long
   * comes in windows one after another, all but the last of them full, each with special tokens and the prefix.
   */
  encode({ text, pair }: TextInput): Tokens {
    const first = this.#firstTokens(text);
    if (pair === undefined && this.#windows > 1) return this.#inWindows(first);
    const second = pair === undefined ? undefined : this.#firstTokens(pair);
    const special = this.#finish([], second && []).tokens.length;
    const [most, mostOfPair] = allot(first.length, second?.length ?? 0, this.longest - special);
    const { tokens, types } = this.#finish(first.slice(0, most), second?.slice(0, mostOfPair));
    return { ids: tokens.map((token) => this.#idOf(token)), types };
  }

  /** Whether a text or a pair has more tokens than the longest that was asked for. */
  exceeds({ text, pair }: TextInput): boolean {
    const first = this.#firstTokens(text);
    const second = pair === undefined ? undefined : this.#firstTokens(pair);
    const special = this.#finish([], second && []).tokens.length;
    if (second === undefined && this.#windows > 1) return first.length > this.#room(special);
    return first.length + (second?.length ?? 0) > this.longest - special;
  }

  #inWindows(tokens: readonly string[]): Tokens {
    const room = this.longest - this.#finish([], undefined).tokens.length;
    const prefix = this.#prefixTokens();
    const ids: number[] = [];
    const types: number[] = [];
    for (let at = 0, window = 0; window === 0 || (at < tokens.length && window < this.#windows); window++) {
      const before = window === 0 ? [] : prefix;
      const end = at + room - before.length;
      const finished = this.#finish([...before, ...tokens.slice(at, end)], undefined);
      ids.push(...finished.tokens.map((token) => this.#idOf(token)));
      types.push(...finished.types);
      at = end;
    }
    return { ids, types };
  }

  /** The most tokens of a text alone, those of the first prefix among them. */
  #room(special: number): number {
    return this.#windows * (this.longest - special) - (this.#windows - 1) * this.#prefixTokens().length;
  }

  /** Empty where it would leave no room in a window. */
  #prefixTokens(): string[] {
    const tokens = this.#prefix === '' ? [] : this.#tokenizer.tokenize(this.#prefix);
    return 2 * tokens.length < this.longest ? tokens : [];
  }

  /** With the special tokens. */
  #finish(first: string[], second: string[] | undefined): { tokens: string[]; types: number[] } {
    const { post_processor: process } = this.#tokenizer;
    const { tokens, token_type_ids: types } = process
      ? process(first, second ?? null, true)
      : { tokens: [...first, ...(second ?? [])], token_type_ids: undefined };
    return { tokens, types: types ?? tokens.map(() => 0) };
  }

  /** Unigram models name the piece for unknown ones by its number, others by itself. */
  #idOfUnknown({ model: { unk_token: token, unk_id: id } = {} }: { model?: UnknownPiece }): number | undefined {
    return id ?? (token == null ? undefined : this.#tokenizer.token_to_id(token));
  }

  #idOf(token: string): number {
    const id = this.#added.get(token) ?? this.#tokenizer.token_to_id(token) ?? this.#unknown;
    if (id !== undefined) return id;
    throw this.missing(token);
  }

  /**
   * Tokens without special ones, of a long text only the first. Words do not depend on what follows
   * them, so that a text is cut at a space and tokenised no further than is needed.
   */
  #firstTokens(given: string): string[] {
    const text = this.#prefix + given;
    const most = this.longest * this.#windows;
    for (let end = CHARACTERS_PER_TOKEN * most; end < text.length; end *= 4) {
      const space = text.slice(0, end).search(/\s\S*$/);
      if (space <= 0) continue;
      const tokens = this.#tokenizer.tokenize(text.slice(0, space));
      if (tokens.length > most) return tokens;
    }
    return this.#tokenizer.tokenize(text);
  }
}

/** How many tokens of each of two texts fit into `room`: the longer one gives way until both are alike. */
export function allot(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second];
  const short = Math.min(first, second, Math.floor(room / 2));
  return first <= second ? [short, Math.max(0, room - short)] : [Math.max(0, room - short), short];
}
