import type { Modality } from './source-domain.ts';

/** Something with a length and items, possibly read on demand. */
export interface Dataset<T> {
  readonly length: number;
  get(index: number): T;
}

/** One item of target data, described but not decoded. */
export interface Sample {
  /** A name for people: a path within the data set, or file and line. */
  readonly id: string;
  /** SHA-256 of the content (not of the label): equal digests encode to equal inputs. */
  readonly digest: string;
  /** Index into the label list, for tasks with one label a sample. */
  readonly label?: number;
}

export type SplitName = 'train' | 'validation' | 'test';

/** A sample as a reader found it: with the split that the data set assigns, if it does. */
export interface ReadSample<S extends Sample = Sample> {
  readonly sample: S;
  readonly split?: SplitName;
}

export interface SkippedSample {
  readonly id: string;
  readonly reason: string;
}

/** What a reader returns: samples and labels, not yet split. */
export interface TargetData<S extends Sample = Sample> {
  readonly id: string;
  readonly modality: Modality;
  /** The reader's id. */
  readonly reader: string;
  readonly labels: readonly string[];
  readonly samples: readonly ReadSample<S>[];
  readonly skipped: readonly SkippedSample[];
}

/** What is to be learned: samples in splits. */
export interface TargetDomain<S extends Sample = Sample> {
  readonly id: string;
  readonly modality: Modality;
  readonly labels: readonly string[];
  readonly splits: Readonly<Record<SplitName, Dataset<S>>>;
  /** SHA-256 over labels and every split's samples, in order. */
  readonly fingerprint: string;
  readonly skipped: readonly SkippedSample[];
}
