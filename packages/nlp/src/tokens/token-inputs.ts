import type { HostTensors, TensorSpecs } from '@headstart/core/network';
import { pageScript } from '@headstart/core/export';
import type { TextInput, TextInputs, TextPage } from '../texts/text-backbone.ts';
import { bucketFor } from './buckets.ts';
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
    Partial<Pick<Tokeniser, 'prefix'>> {
  /** What a page cuts them by. */
  readonly cut: 'tokens' | 'words';
}

/** `ids`, `mask` and, where the network takes them, `types`: `[length]` each, padded at the end. */
export class TokenInputs implements TextInputs {
  readonly key: string;
  readonly specs: TensorSpecs;

  constructor(
    private readonly tokeniser: Cutter,
    private readonly options: TokenInputOptions,
  ) {
    this.key = JSON.stringify(['tokens/2', tokeniser.digest, tokeniser.longest, options.padId]);
    this.specs = this.#specs(tokeniser.longest);
  }

  encode(input: TextInput): HostTensors {
    const { longest } = this.tokeniser;
    const { ids, mask, types } = padTokens(this.tokeniser.encode(input), longest, this.options.padId);
    return this.options.types < 2 ? { ids, mask } : { ids, mask, types };
  }

  async page(): Promise<TextPage> {
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
    return bucketFor(this.tokeniser.encode(input).ids.length, this.tokeniser.longest);
  }

  fit(inputs: HostTensors, size: number): { specs: TensorSpecs; inputs: HostTensors } {
    const { longest } = this.tokeniser;
    const mask = inputs['mask']!;
    let tokens = 1;
    for (let row = 0; row < size; row++) {
      while (tokens < longest && mask[row * longest + tokens] === 1) tokens++;
    }
    const length = bucketFor(tokens, longest);
    const cut = Object.entries(inputs).map(([name, values]) => {
      const rows = new Int32Array(size * length);
      for (let row = 0; row < size; row++)
        rows.set(values.subarray(row * longest, row * longest + length), row * length);
      return [name, rows] as const;
    });
    return { specs: this.#specs(length), inputs: Object.fromEntries(cut) };
  }

  #specs(length: number): TensorSpecs {
    const { vocabulary, types } = this.options;
    const spec = (below: number) => ({ shape: [length], dtype: 'int32', below }) as const;
    return { ids: spec(vocabulary), mask: spec(2), ...(types > 1 && { types: spec(types) }) };
  }
}
