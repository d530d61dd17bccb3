import type { Sample } from '@headstart/core';

/** A text, or a pair of texts, with what is known about it. The digest covers text and pair. */
export interface TextSample extends Sample {
  readonly text: string;
  /** The second text, where a sample is a pair. */
  readonly pair?: string;
  /** Indices into the label list, ascending, for data where a sample may carry none or several labels. */
  readonly labels?: readonly number[];
  /** How alike the two texts of a pair are, on the data set's own scale. */
  readonly score?: number;
}
