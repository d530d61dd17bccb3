import type { EvidenceKinds, Metric } from './metric.ts';
import type { Resampled } from './resampling.ts';

/** What a column of items holds; `json` is text that is JSON, for what has no fixed shape (the boxes of a picture). */
export type ItemColumnType = 'string' | 'int32' | 'float32' | 'float32[]' | 'json';

/** One column of a table of items: a value per item, in their order. */
export interface ItemColumn {
  readonly name: string;
  readonly type: ItemColumnType;
  readonly values: readonly (string | number | readonly number[])[];
}

/** Evidence item by item: what was predicted of each and what is true of it, as a table that can be kept and read again. */
export interface EvidenceItems {
  readonly kind: keyof EvidenceKinds;
  /** What is the same for all items, such as the labels; JSON. */
  readonly shared: Readonly<Record<string, unknown>>;
  readonly columns: readonly ItemColumn[];
}

/** A number of some evidence, and how it is computed of resampled items, where it can be: item i counts `counts[i]` times. */
export interface MeasuredNumber {
  readonly value: number;
  readonly resampled?: Resampled;
}

/**
 * How evidence of a kind is kept item by item, read again, and measured again without a model: what a benchmark's
 * records and their verification stand on.
 */
export interface EvidenceFormat<Kind extends keyof EvidenceKinds = keyof EvidenceKinds> {
  readonly kind: Kind;
  write(evidence: EvidenceKinds[Kind]): Pick<EvidenceItems, 'shared' | 'columns'>;
  /** The same evidence, number by number. @throws HeadstartError `record-invalid` for a table of another shape */
  read(items: EvidenceItems): EvidenceKinds[Kind];
  /**
   * The numbers that the task reports of this evidence, those that are finite.
   * @param registered metrics of the kind: those that are not among the task's own are added
   */
  measure(
    evidence: EvidenceKinds[Kind],
    registered?: readonly Metric<Kind>[],
  ): Readonly<Record<string, MeasuredNumber>>;
  /**
   * How right each item is, from 0 to 1: 1 or 0 where it is one label (McNemar's test needs that); NaN for an item that is
   * not judged.
   */
  scores(evidence: EvidenceKinds[Kind]): Float64Array;
}
