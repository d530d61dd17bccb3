import { placesAmong } from './labels.ts';
import type { Sample, TargetData } from './target-domain.ts';

/** The data with its labels numbered as `labels` lists them, which has all of them (perhaps spelt differently) and perhaps more. */
export function renumberLabels(data: TargetData, labels: readonly string[]): TargetData {
  const index = placesAmong(data.labels, labels);
  if (index.every((to, from) => to === from)) return { ...data, labels };
  const samples = data.samples.map(({ sample, split }) => ({ split, sample: renumbered(sample, index) }));
  return { ...data, labels, samples };
}

/** A copy whose accessors stay accessors, so that what the sample reads when asked is not read for this. */
function renumbered(sample: Sample, index: readonly number[]): Sample {
  const { label, labels, objects } = sample;
  if (label === undefined && labels === undefined && objects === undefined) return sample;
  return Object.create(Object.getPrototypeOf(sample) as object, {
    ...Object.getOwnPropertyDescriptors(sample),
    ...(label !== undefined && { label: { value: index[label]!, enumerable: true } }),
    ...(labels && { labels: { value: labels.map((each) => index[each]!).sort((a, b) => a - b), enumerable: true } }),
    ...(objects && {
      objects: { value: objects.map((object) => ({ ...object, label: index[object.label]! })), enumerable: true },
    }),
  }) as Sample;
}
