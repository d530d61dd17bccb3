import type { HostTensors } from '../network/tensors.ts';
import type { FeatureKey } from './feature-key.ts';
import type { RowLayout } from './row-layout.ts';

/**
 * Where outputs of frozen prefixes are kept, one row per sample, found by the digest of the sample's content: another
 * split, seed or strategy, and a data set that grew, reuse what is there. On disk, unless a plugin puts another
 * service in its place.
 */
export interface FeatureStore {
  /** The rows under a key, to be closed as often as they are opened. @throws HeadstartError `storage-*` */
  open(key: FeatureKey): Promise<FeatureSet>;
}

/** The cached rows of one prefix over one kind of view. */
export interface FeatureSet {
  /** How the tensors of a row lie in its bytes: `new RowLayout(key.row)`. */
  readonly layout: RowLayout;
  has(digest: string): boolean;
  /**
   * Forgets rows that are no longer as they were stored, of these samples at least.
   * @returns how many rows were lost since it was asked last; they can be appended anew
   */
  check?(digests: readonly string[]): Promise<number>;
  /**
   * Adds the rows of these samples.
   * @param rows the bytes of all rows, one after another, cut anywhere
   * @throws HeadstartError `storage-*`; nothing is left half-written
   */
  append(digests: readonly string[], rows: readonly Buffer[]): Promise<void>;
  /**
   * The rows of these samples as batches `[digests.length, …]`. All must be present.
   * @param tensors where to put them: memory of batches of this size that are used no more
   */
  read(digests: readonly string[], tensors?: HostTensors): Promise<HostTensors>;
  close(): Promise<void>;
}
