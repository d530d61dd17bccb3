import type { DataWarning, PassedOver, TableNotes } from '../domains/reading-notes.ts';
import type { Cleaned } from './cleaned.ts';
import type { SkippedSample, SplitName } from '../domains/target-domain.ts';
import type { Grouping } from '../domains/groups.ts';
import type { Side } from './near/near-duplicates.ts';
import type { Duplicates } from './duplicate-warnings.ts';

/** A count for each split. */
export type SplitCounts = Readonly<Record<SplitName, number>>;

/** A class and how often it occurs: its samples, or its objects where samples have objects. */
export interface LabelCounts extends SplitCounts {
  readonly name: string;
}

/** The objects of data that say what is where. */
export interface ObjectCounts {
  /** Objects, boxes as a rule. */
  readonly boxes: SplitCounts;
  /** Samples without any object. */
  readonly empty: SplitCounts;
}

/** A sample to look at. */
export interface ExampleSample {
  readonly id: string;
  readonly split: SplitName;
  readonly labels: readonly string[];
  readonly texts?: readonly string[];
  readonly score?: number;
  /** Where its objects are, `[left, top, width, height]` in pixels. */
  readonly objects?: readonly { readonly label: string; readonly box?: readonly number[] }[];
}

/** What could not be looked for, by the code of the warning, and why. */
export interface Unchecked {
  readonly code: string;
  readonly why: string;
}

/** Samples that are nearly the same, between two sides or within one. */
export interface NearDuplicates {
  readonly of: 'pictures' | 'texts';
  /** Different contents that were compared. */
  readonly compared: number;
  /** The id of the other data that they were held against. */
  readonly against?: string;
  readonly between: readonly NearSides[];
  /** What is nearly the same to a source alone, by the cosine of its embeddings from `least` on. */
  readonly embeddings?: { readonly source: string; readonly least: number; readonly between: readonly NearSides[] };
}

/** What two sides, or one, have nearly the same. */
export interface NearSides {
  readonly sides: readonly [first: Side, second: Side];
  /** Samples of the second side that have a near-duplicate in the first; of one side, in an earlier sample. */
  readonly samples: number;
  /** How many of them are copies, byte for byte: of other data only, `duplicates` tells of those within the data. */
  readonly copies: number;
  /** The likest, by their ids. `likeness` is at most 1: a correlation of pictures, a Jaccard index of texts, a cosine of embeddings. */
  readonly pairs: readonly { readonly first: string; readonly second: string; readonly likeness: number }[];
}

/** What would be learned from a target, and what looks wrong in it. */
export interface Inspection {
  /** The id of the data set, or the absolute path. */
  readonly target: string;
  readonly reader: string;
  /** Why the reader was taken. */
  readonly why: string;
  readonly task: string;
  readonly modality: string;
  /** Whether the data say which sample is for what, or the splits are drawn by the seed. */
  readonly splits: 'of the data' | 'drawn';
  readonly labels: readonly LabelCounts[];
  readonly samples: SplitCounts;
  readonly table?: TableNotes;
  readonly objects?: ObjectCounts;
  /** Samples without a label, which training refuses. */
  readonly unlabelled?: { readonly count: number; readonly samples: readonly SkippedSample[] };
  readonly duplicates?: Duplicates;
  /** What is nearly the same, where that was looked for. */
  readonly near?: NearDuplicates;
  /** The groups that are kept together, where samples are in groups. */
  readonly groups?: Pick<Grouping, 'groups' | 'alone' | 'largest'> & { readonly apart: number };
  readonly examples: readonly ExampleSample[];
  readonly warnings: readonly DataWarning[];
  readonly unchecked: readonly Unchecked[];
  /** What was mended on request. */
  readonly cleaned: readonly Cleaned[];
  readonly skipped: readonly SkippedSample[];
  /** How the layout was understood where that is not plain, a sentence each. */
  readonly remarks?: readonly string[];
  /** What the reader left aside. */
  readonly passedOver: readonly PassedOver[];
  /** Why the data cannot be learned as they are, as `train` would say. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
}
