/** What a reading has to come to; whatever is absent may be anything. */
export interface ExpectedReading {
  readonly kind: 'read';
  readonly reader?: string;
  readonly task?: string;
  /** All labels, in any order. */
  readonly labels?: readonly string[];
  /** Samples of all splits together. */
  readonly samples?: number;
  /** Samples to train on, to validate with, to test with. */
  readonly splits?: readonly [number, number, number];
  readonly unlabelled?: number;
  readonly objects?: number;
  /** The sum of the boxes' areas in pixels, to one part in a hundred. */
  readonly area?: number;
  /** What has to occur among the texts or pictures and their labels. */
  readonly example?: RegExp;
  /** What has to be said beside the reading: a warning's code or words, each of them. */
  readonly said?: readonly RegExp[];
}

/** A refusal: words that its message or hint have to contain, each of them. */
export interface ExpectedRefusal {
  readonly kind: 'refused';
  readonly words: readonly RegExp[];
}

export type Acceptable = ExpectedReading | ExpectedRefusal;

/** What may become of a case. */
export interface Expectation {
  readonly accept: readonly Acceptable[];
  /** Words by which a reading that is none of the acceptable ones is said to be doubtful. */
  readonly problem?: RegExp;
}

export const read = (reading: Omit<ExpectedReading, 'kind'>): ExpectedReading => ({ kind: 'read', ...reading });
export const refused = (...words: RegExp[]): ExpectedRefusal => ({ kind: 'refused', words });
export const either = (...accept: Acceptable[]): Expectation => ({ accept });
