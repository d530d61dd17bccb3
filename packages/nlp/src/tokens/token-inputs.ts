import type { HostTensors, TensorSpecs } from '@headstart/core/network';
import type { TextInput, TextInputs } from '../texts/text-backbone.ts';
import { bucketFor } from './buckets.ts';
import type { Tokeniser } from './tokeniser.ts';

export interface TokenInputOptions {
  /** Rows of the network's word table. */
  readonly vocabulary: number;
  /** The number that padding takes. */
  readonly padId: number;
  /** Whether the network is told which text of a pair a token is of, and how many kinds it knows. */
  readonly types: number;
}

/** `ids`, `mask` and, where the network takes them, `types`: `[length]` each, padded at the end. */
export class TokenInputs implements TextInputs {
  readonly key: string;
  readonly specs: TensorSpecs;

  constructor(
    private readonly tokeniser: Pick<Tokeniser, 'encode' | 'longest' | 'digest'>,
    private readonly options: TokenInputOptions,
  ) {
    this.key = JSON.stringify(['tokens/2', tokeniser.digest, tokeniser.longest, options.padId]);
    this.specs = this.#specs(tokeniser.longest);
  }

  encode(input: TextInput): HostTensors {
    const { ids, types } = this.tokeniser.encode(input);
    const { longest } = this.tokeniser;
    const padded = new Int32Array(longest).fill(this.options.padId);
    padded.set(ids);
    const inputs: HostTensors = { ids: padded, mask: new Int32Array(longest).fill(1, 0, ids.length) };
    if (this.options.types < 2) return inputs;
    const segments = new Int32Array(longest);
    segments.set(types);
    return { ...inputs, types: segments };
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
