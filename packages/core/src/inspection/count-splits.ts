import { labelsOf } from '../domains/stratify.ts';
import type { Dataset, Sample, SplitName } from '../domains/target-domain.ts';
import type { LabelCounts, ObjectCounts, SplitCounts } from './inspection.ts';

/** Samples in splits, as they will be learned from. */
export type Splits = Readonly<Record<SplitName, Dataset<Sample>>>;

export const SPLITS = ['train', 'validation', 'test'] as const satisfies readonly SplitName[];

/** Every sample of every split, in order. */
export function* samplesIn(splits: Splits): Generator<{ readonly sample: Sample; readonly split: SplitName }> {
  for (const split of SPLITS)
    for (let i = 0; i < splits[split].length; i++) yield { sample: splits[split].get(i), split };
}

/** What a split's count is of each class, of objects, and of samples without an object. */
export function countSplits(
  splits: Splits,
  names: readonly string[],
): { samples: SplitCounts; labels: LabelCounts[]; objects?: ObjectCounts } {
  const labels = names.map((name) => ({ name, ...zero() }));
  const boxes = zero();
  const empty = zero();
  let objects = false;
  for (const { sample, split } of samplesIn(splits)) {
    for (const label of countedLabels(sample)) labels[label]![split]++;
    if (!sample.objects) continue;
    objects = true;
    boxes[split] += sample.objects.length;
    if (sample.objects.length === 0) empty[split]++;
  }
  const samples = {
    train: splits.train.length,
    validation: splits.validation.length,
    test: splits.test.length,
  };
  return { samples, labels, ...(objects && { objects: { boxes, empty } }) };
}

/** The labels of a sample as they are counted: one for each object where there are objects. */
export function countedLabels(sample: Sample): readonly number[] {
  if (sample.label !== undefined) return [sample.label];
  return sample.objects?.map(({ label }) => label) ?? labelsOf(sample) ?? [];
}

function zero(): Record<SplitName, number> {
  return { train: 0, validation: 0, test: 0 };
}
