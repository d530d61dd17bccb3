import type { InputLimit } from '@headstart/core/readers';
import type { Tokeniser } from './tokeniser.ts';

/** How much of a text is read, by what cuts it. @param hint how to have more read */
export function tokenLimit(tokeniser: Tokeniser, hint?: string): InputLimit {
  return {
    most: tokeniser.most,
    unit: 'tokens',
    exceeds: ([text = '', pair]) => tokeniser.exceeds({ text, pair }),
    hint,
  };
}
