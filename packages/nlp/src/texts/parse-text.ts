import { textDigest } from './text-digest.ts';
import type { TextSample } from './text-sample.ts';

/** A text that a user gives as it is, to predict or to embed. */
export async function parseText(text: string): Promise<TextSample> {
  return { id: text, digest: textDigest(text), text };
}
