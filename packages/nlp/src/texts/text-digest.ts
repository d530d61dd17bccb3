import { hash } from 'node:crypto';

/** SHA-256 of a text, or of a pair of texts: samples of one digest encode to the same inputs. */
export function textDigest(text: string, pair?: string): string {
  return hash('sha256', JSON.stringify(pair === undefined ? [text] : [text, pair]));
}
