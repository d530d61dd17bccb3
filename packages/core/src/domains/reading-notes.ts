import type { SkippedSample } from './target-domain.ts';

/** What a reader says of how it read, beside the samples: for `inspect`, the short form of `train`, and warnings. */
export interface ReadingNotes {
  /** How the layout was understood where that is not plain, a sentence each: "The splits are inside the class folders." */
  readonly remarks?: readonly string[];
  /** How a table was taken apart, where the data are one. */
  readonly table?: TableNotes;
  /** What was left aside, kind by kind: "a file manager's leftovers", "label files without a picture". */
  readonly passedOver?: readonly PassedOver[];
  /** What only the reader can see that looks wrong: an empty class folder, boxes that look like corners. */
  readonly warnings?: readonly DataWarning[];
}

/** How a table was taken apart. */
export interface TableNotes {
  /** Every column and what it is taken for; `role` is absent where it is not read. */
  readonly columns: readonly { readonly name: string; readonly role?: string }[];
  /** The character between cells; absent where the format has none. */
  readonly separator?: string;
  /** Whether the first row names the columns; absent where the format always does. */
  readonly header?: boolean;
  /** Such as `utf-8`, `utf-16le`, `windows-1252`; absent for binary formats. */
  readonly encoding?: string;
  /** The sheet of a workbook. */
  readonly sheet?: string;
}

/** Files, folders or rows that were left aside for one reason. */
export interface PassedOver {
  /** What they are, in the plural: "hidden files", "pictures in masks/". */
  readonly what: string;
  readonly count: number;
  /** Up to five of them, by their paths within the data or their lines. */
  readonly examples: readonly string[];
}

/** Something in the data that looks wrong and is not surely so. */
export interface DataWarning {
  /** Stable and in kebab-case, such as `near-equal-labels`: where `--clean` can act on it, the word for that. */
  readonly code: string;
  /** What is seen, with numbers and names, as a sentence. */
  readonly message: string;
  /** What to do, with the option that acts on it. */
  readonly hint: string;
  /** Up to ten of the samples, rows or files concerned, by their ids. */
  readonly samples: readonly string[];
}

/** A sample that bears no label: its path or row, and how that shows ("the label is empty"). */
export type UnlabelledSample = SkippedSample;
