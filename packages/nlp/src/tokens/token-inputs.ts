import type { HostTensors, TensorSpecs } from '@headstart/core/network';
import type { InputLimit } from '@headstart/core/readers';
import { pageScript } from '@headstart/core/export';
import type { TextInput, TextInputs, TextPage } from '../texts/text-backbone.ts';
import { bucketFor } from './buckets.ts';
import { firstColumns, longestRow } from './columns.ts';
import { padTokens } from './padded-tokens.ts';
import type { Tokeniser } from './tokeniser.ts';

export interface TokenInputOptions {
  /** Rows of the network's word table. */
  readonly vocabulary: number;
  /** The number that padding takes. */
  readonly padId: number;
  /** Whether the network is told which text of a pair a token is of, and how many kinds it knows. */
  readonly types: number;
}

/** What cuts texts into tokens, here and in a page. */
interface Cutter
  extends Pick<Tokeniser, 'encode' | 'longest' | 'digest' | 'pageFiles'>,
    Partial<Pick<Tokeniser, 'prefix' | 'windows'>> {
  /** What a page cuts them by. */
  readonly cut: 'tokens' | 'words';
}

/** `ids`, `mask` and, where the network takes them, `types`: `[length]` each, padded at the end; windows one after another. */
export class TokenInputs implements TextInputs {
  readonly key: string;
  readonly specs: TensorSpecs;
  /** A page pads and cuts texts, and knows of no windows. */
  readonly page?: () => Promise<TextPage>;
  readonly #most: number;

  constructor(
    private readonly tokeniser: Cutter,
    readonly limit: InputLimit,
    private readonly options: TokenInputOptions,
  ) {
    const { digest, longest, windows = 1 } = tokeniser;
    this.key = JSON.stringify(['tokens/2', digest, longest, options.padId, ...(windows > 1 ? [windows] : [])]);
    this.#most = longest * windows;
    this.specs = this.#specs(this.#most);
    if (windows === 1) this.page = () => this.#page();
  }

  encode(input: TextInput): HostTensors {
    const { ids, mask, types } = padTokens(this.tokeniser.encode(input), this.#most, this.options.padId);
    return this.options.types < 2 ? { ids, mask } : { ids, mask, types };
  }

  async #page(): Promise<TextPage> {
    const { cut, longest, prefix } = this.tokeniser;
    const { padId, types } = this.options;
    const module = 'texts.js';
    const files = this.tokeniser.pageFiles();
    const names = files.map(([name]) => name);
    return {
      input: {
        kind: 'module',
        module,
        cut,
        files: names,
        longest,
        ...(prefix && { prefix }),
        padTo: longest,
        padId,
        types,
      },
      files: [[module, await pageScript(new URL('../browser/texts.entry.js', import.meta.url))], ...files],
    };
  }

  length(input: TextInput): number {
    return this.#fitted(this.tokeniser.encode(input).ids.length);
  }

  fit(inputs: HostTensors, size: number): { specs: TensorSpecs; inputs: HostTensors } {
    const length = this.#fitted(longestRow(inputs['mask']!, size, this.#most));
    return { specs: this.#specs(length), inputs: firstColumns(inputs, size, this.#most, length) };
  }

  /** One of few lengths; of what is longer than a window, whole windows. */
  #fitted(tokens: number): number {
    const { longest } = this.tokeniser;
    return tokens <= longest ? bucketFor(tokens, longest) : longest * Math.ceil(tokens / longest);
  }

  #specs(length: number): TensorSpecs {
    const { vocabulary, types } = this.options;
    const spec = (below: number) => ({ shape: [length], dtype: 'int32', below }) as const;
    return { ids: spec(vocabulary), mask: spec(2), ...(types > 1 && { types: spec(types) }) };
  }
}
