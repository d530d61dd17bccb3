import type { Grouping } from '../domains/groups.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import type { Sample, TargetData } from '../domains/target-domain.ts';
import type { SampleView } from '../tasks/sample-view.ts';
import type { Splits } from './count-splits.ts';
import type { LabelCounts, SplitCounts } from './inspection.ts';

/** How a task shows a sample. */
export type View = (sample: Sample) => SampleView;

/** Data as warnings look at them: read, cleaned and split. */
export interface LookedAt {
  readonly data: TargetData;
  readonly splits: Splits;
  /** The groups that samples are in, where they are in groups. */
  readonly grouping?: Grouping;
  /** Whether the data bring their splits. */
  readonly assigned: boolean;
  readonly samples: SplitCounts;
  /** Samples of each class, or objects where samples have objects. */
  readonly labels: readonly LabelCounts[];
  readonly view: View;
}

/** Finds one kind of thing that looks wrong. */
export type WarningFinder = (looked: LookedAt) => readonly DataWarning[];

/** Samples that a warning names. */
export const NAMED = 10;

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
