import type { Grouping } from './groups.ts';
import type { ReadingNotes, UnlabelledSample } from './reading-notes.ts';
import type { Modality } from './source-domain.ts';

/** Something with a length and items, possibly read on demand. */
export interface Dataset<T> {
  readonly length: number;
  get(index: number): T;
}

/**
 * One item of target data, described but not decoded. A reader may give objects whose properties read
 * what lies on disk when they are asked for: to alter a sample, derive from it instead of copying it.
 */
export interface Sample {
  /** A name for people: a path within the data set, or file and line. */
  readonly id: string;
  /** SHA-256 of the content (not of the label): equal digests encode to equal inputs. */
  readonly digest: string;
  /** Index into the label list, for tasks with one label per sample. */
  readonly label?: number;
  /** Indices into the label list, ascending, for data where a sample may carry none or several labels. */
  readonly labels?: readonly number[];
  /** A number that the sample is worth, on the data set's own scale, for tasks that learn one (how alike two texts are). */
  readonly score?: number;
  /** What it counts in the loss beside other samples, 0 and more; 1 where absent. */
  readonly weight?: number;
  /** What it is a part of, such as a patient, a video or an author: samples of one group are kept on one side of every split. */
  readonly group?: string;
  /** Objects found in the content, each with a label, for data that say what is where. */
  readonly objects?: readonly LabelledObject[];
}

/** A part of a sample with a label of its own; what else it has (a box, say) belongs to the truth, too. */
export interface LabelledObject {
  /** Index into the label list. */
  readonly label: number;
}

/** What a sample is for: to learn from, to choose and stop by, or to be measured on once. */
export type SplitName = 'train' | 'validation' | 'test';

/** A sample as a reader found it: with the split that the data set assigns, if it does. */
export interface ReadSample<S extends Sample = Sample> {
  readonly sample: S;
  readonly split?: SplitName;
}

/** A sample that `skipBad` left out: its path or row, and what was wrong with it, a sentence. */
export interface SkippedSample {
  readonly id: string;
  readonly reason: string;
}

/** One member of a family of data sets, by the id of its sample and the name of its class. */
export interface RosterEntry {
  readonly id: string;
  readonly label: string;
}

/** What a reader returns: samples and labels, not yet split. */
export interface TargetData<S extends Sample = Sample> {
  readonly id: string;
  readonly modality: Modality;
  /** The reader's id. */
  readonly reader: string;
  readonly labels: readonly string[];
  readonly samples: readonly ReadSample<S>[];
  /**
   * Every member of the family that the data set is of, in the family's order, where the set may lack some of them (emoji
   * that one vendor does not draw). A split is drawn over all of them: whoever is tested in one set of a family is
   * tested in all that have it.
   */
  readonly roster?: readonly RosterEntry[];
  readonly skipped: readonly SkippedSample[];
  /**
   * Rows and pictures whose label is missing where others have one (an empty cell, null): they are not among the samples.
   * Training on them is refused unless they are left out on request.
   */
  readonly unlabelled?: readonly UnlabelledSample[];
  /** How the data were read. */
  readonly notes?: ReadingNotes;
}

/** What is to be learned: samples in splits. */
export interface TargetDomain<S extends Sample = Sample> {
  readonly id: string;
  readonly modality: Modality;
  readonly labels: readonly string[];
  readonly splits: Readonly<Record<SplitName, Dataset<S>>>;
  /** Samples to adapt to, of which nothing but their content is known. */
  readonly unlabelled?: Dataset<S>;
  /** SHA-256 over labels and every split's samples, in order, and the unlabelled ones. */
  readonly fingerprint: string;
  /** The fingerprint without the unlabelled samples, where there are some: by it the labelled data are known again. */
  readonly labelled?: string;
  /** The groups that were kept together, where samples are in groups. */
  readonly grouping?: Grouping;
  /** Training samples that were left out so that classes are in balance, where that was asked for. */
  readonly surplus?: number;
  readonly skipped: readonly SkippedSample[];
}
