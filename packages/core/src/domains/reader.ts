import type { Artifacts, Progress } from '@headstart/artifacts';
import type { Modality } from './source-domain.ts';
import type { Sample, TargetData } from './target-domain.ts';

/** What a reader is asked for beside the path. */
export interface ReadOptions {
  /** Leave out unreadable samples and list them, instead of failing on the first one. */
  readonly skipBad: boolean;
  /** Give rows without a label as samples that have none, instead of listing them as `unlabelled`: no label is wanted. */
  readonly withoutLabels?: boolean;
  /**
   * Read nothing but the samples' contents: columns of labels, scores and weights may be there or not, named by options or not, and hold
   * anything. What a reader gives of them all the same is thrown away.
   */
  readonly sealed?: boolean;
  readonly progress: Progress;
  /** Reader options of the command or the caller (column names and the like). */
  readonly options: Readonly<Record<string, string>>;
}

/** What is wanted of data that a reader is shown. */
export type DetectOptions = Pick<ReadOptions, 'withoutLabels'>;

/** Data of a layout that a reader knows and does not read. */
export interface RecognisedLayout {
  /** Its name and what shows it: "KITTI annotations (label_2/000000.txt)". */
  readonly layout: string;
  /** How to get on: what to export instead, or which option to give. */
  readonly hint: string;
}

/** Reads target data of one layout (a folder of class folders, a CSV, …). */
export interface Reader<S extends Sample = Sample> {
  readonly id: string;
  readonly modality: Modality;
  readonly description: string;
  /** The task that fits this data by default. */
  readonly task: string;
  /** How sure the reader is that it understands what is at `path`: 0 (no) to 1, by a look at names only. */
  detect(path: string, wanted?: DetectOptions): Promise<number>;
  /**
   * A layout near its own that it knows and does not read: the data are then refused by that name, unless a reader is
   * surer than class folders and plain tables are (0.85).
   */
  recognise?(path: string, wanted?: DetectOptions): Promise<RecognisedLayout | undefined>;
  /** @throws HeadstartError `target-*`, `sample-unreadable`, `label-invalid` */
  read(path: string, options: ReadOptions): Promise<TargetData<S>>;
}

/** A data set known by name, fetched from where its owners publish it. */
export interface RegisteredDataset {
  readonly id: string;
  readonly modality: Modality;
  readonly description: string;
  /** Where it forbids to pass samples on it says `not for redistribution`: a report names them then, and shows none. */
  readonly licence: string;
  /** The task it was made for. */
  readonly task: string;
  load(runtime: { artifacts: Artifacts }, options: ReadOptions): Promise<TargetData>;
}
