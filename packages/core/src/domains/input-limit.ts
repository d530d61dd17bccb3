/** How much of a text a source's network reads; what comes after is cut off. */
export interface InputLimit {
  readonly most: number;
  /** What is counted, in the plural: `tokens`. */
  readonly unit: string;
  /** Whether a text is cut, or the two of a pair that are read at once. */
  exceeds(texts: readonly string[]): boolean;
  /** How to have more of a text read, a sentence. */
  readonly hint?: string;
}
