import type { DataWarning, PassedOver, ReadingNotes } from '../domains/reading-notes.ts';
import type { SkippedSample } from '../domains/target-domain.ts';
import type { Cleaned } from '../inspection/cleaned.ts';

/** What is said of data beside their samples, before anything is learned from them. */
export interface ReadingReport {
  readonly warnings: readonly DataWarning[];
  /** What the reader left aside. */
  readonly passedOver: readonly PassedOver[];
  /** What was mended on request. */
  readonly cleaned: readonly Cleaned[];
  /** How the samples to adapt to were read, where there are some. */
  readonly unlabelled?: UnlabelledReading;
}

/** What was read of data to adapt to, and what of them was not. */
export interface UnlabelledReading extends Required<Omit<ReadingNotes, 'table'>>, Pick<ReadingNotes, 'table'> {
  /** The id of the data set, or the absolute path. */
  readonly target: string;
  /** The reader's id; `pictures` where every picture at the path was taken. */
  readonly reader: string;
  readonly samples: number;
  /** The names of their classes, as far as the data say them: they are ignored. */
  readonly ignoredLabels: readonly string[];
  /** Samples that could not be read and are left out. */
  readonly skipped: readonly SkippedSample[];
}
