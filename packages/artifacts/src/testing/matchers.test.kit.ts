import { expect } from 'vitest';

/** A text with `part` in it, for comparisons of whole objects. */
export function containing(part: string): unknown {
  return expect.stringContaining(part);
}

/** A text that fits `pattern`. */
export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
