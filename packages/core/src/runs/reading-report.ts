import type { DataWarning, PassedOver } from '../domains/reading-notes.ts';
import type { Cleaned } from '../inspection/cleaned.ts';

/** What is said of data beside their samples, before anything is learned from them. */
export interface ReadingReport {
  readonly warnings: readonly DataWarning[];
  /** What the reader left aside. */
  readonly passedOver: readonly PassedOver[];
  /** What was mended on request. */
  readonly cleaned: readonly Cleaned[];
}
