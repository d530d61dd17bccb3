import type { Sample, SplitName } from '../domains/target-domain.ts';
import { samplesIn, type Splits } from './count-splits.ts';
import { classesOf } from './examples.ts';

/** Samples of one class, or of none, in one split: the first few, and how many there are. */
export interface ShownGroup {
  /** Undefined for samples that bear no class. */
  readonly label: number | undefined;
  readonly split: SplitName;
  readonly samples: readonly Sample[];
  readonly count: number;
}

/** Classes that are shown, and samples of all together. */
const MOST_CLASSES = 40;
const MOST_SAMPLES = 400;

/**
 * What a page shows of samples: some of each class in each split. A sample with several classes, or with objects, counts
 * for the first of them only, so that it is shown once.
 */
export function shownSamples(splits: Splits, classes: number): ShownGroup[] {
  const shown = Math.max(1, Math.min(classes, MOST_CLASSES));
  const each = Math.max(2, Math.min(12, Math.floor(MOST_SAMPLES / shown / 3)));
  const groups = new Map<string, { label: number | undefined; split: SplitName; samples: Sample[]; count: number }>();
  for (const { sample, split } of samplesIn(splits)) {
    const [label] = classesOf(sample);
    if (label !== undefined && label >= MOST_CLASSES) continue;
    const key = `${label}/${split}`;
    const group = groups.get(key) ?? { label, split, samples: [], count: 0 };
    groups.set(key, group);
    group.count += 1;
    if (group.samples.length < each) group.samples.push(sample);
  }
  const order = (label: number | undefined) => label ?? Infinity;
  return [...groups.values()].sort((a, b) => order(a.label) - order(b.label) || 0);
}
