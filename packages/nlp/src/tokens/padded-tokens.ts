import type { Tokens } from './token-cutter.ts';

/** What a network takes of a text's tokens, padded at the end: `[length]` each. */
export interface PaddedTokens {
  readonly ids: Int32Array;
  /** 1 for tokens, 0 for padding. */
  readonly mask: Int32Array;
  /** The segment of each token. */
  readonly types: Int32Array;
}

/** @param padId the number that padding takes */
export function padTokens({ ids, types }: Tokens, length: number, padId: number): PaddedTokens {
  const padded = new Int32Array(length).fill(padId);
  padded.set(ids);
  const segments = new Int32Array(length);
  segments.set(types);
  return { ids: padded, mask: new Int32Array(length).fill(1, 0, ids.length), types: segments };
}
