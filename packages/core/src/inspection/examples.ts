import type { Sample, SplitName } from '../domains/target-domain.ts';
import { labelsOf } from '../domains/stratify.ts';
import type { Splits } from './count-splits.ts';
import { SPLITS } from './count-splits.ts';
import type { ExampleSample } from './inspection.ts';
import type { View } from './looked-at.ts';

/** Characters of a text that are shown. */
const TEXT_LENGTH = 300;
const OBJECTS = 20;

/** The first samples of different classes, from the first split that has any. */
export function examplesOf(splits: Splits, names: readonly string[], view: View, most = 3): ExampleSample[] {
  const split = SPLITS.find((name) => splits[name].length > 0);
  if (!split) return [];
  const dataset = splits[split];
  const chosen: number[] = [];
  const seen = new Set<string>();
  for (let i = 0; i < dataset.length && chosen.length < Math.min(most, names.length); i++) {
    const key = String(classesOf(dataset.get(i)));
    if (seen.has(key)) continue;
    seen.add(key);
    chosen.push(i);
  }
  for (let i = 0; i < dataset.length && chosen.length < most; i++) if (!chosen.includes(i)) chosen.push(i);
  return chosen.sort((a, b) => a - b).map((i) => exampleOf(dataset.get(i), split, names, view));
}

function exampleOf(sample: Sample, split: SplitName, names: readonly string[], view: View): ExampleSample {
  const { texts, picture } = view(sample);
  const { id, score, objects } = sample;
  return {
    id,
    split,
    labels: classesOf(sample).map((label) => names[label]!),
    ...(texts && { texts: texts.map((text) => shortened(text, TEXT_LENGTH)) }),
    ...(score !== undefined && { score }),
    ...(objects && {
      objects: objects.slice(0, OBJECTS).map(({ label }, i) => ({
        label: names[label]!,
        ...(picture?.boxes?.[i] && { box: picture.boxes[i] }),
      })),
    }),
  };
}

/** The classes of a sample, each once. */
export function classesOf(sample: Sample): readonly number[] {
  return sample.label === undefined ? (labelsOf(sample) ?? []) : [sample.label];
}

/** A text of at most so many characters, without half of one at its end. */
export function shortened(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
