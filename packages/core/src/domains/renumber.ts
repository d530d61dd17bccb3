import { altered } from './altered-sample.ts';
import { placesAmong } from './labels.ts';
import type { Sample, TargetData } from './target-domain.ts';

/** The data with its labels numbered as `labels` lists them, which has all of them (perhaps spelt differently) and perhaps more. */
export function renumberLabels(data: TargetData, labels: readonly string[]): TargetData {
  const index = placesAmong(data.labels, labels);
  if (index.every((to, from) => to === from)) return { ...data, labels };
  const samples = data.samples.map(({ sample, split }) => ({ split, sample: renumbered(sample, index) }));
  return { ...data, labels, samples };
}

function renumbered(sample: Sample, index: readonly number[]): Sample {
  const { label, labels, objects } = sample;
  if (label === undefined && labels === undefined && objects === undefined) return sample;
  return altered(sample, {
    ...(label !== undefined && { label: index[label]! }),
    ...(labels && { labels: labels.map((each) => index[each]!).sort((a, b) => a - b) }),
    ...(objects && { objects: objects.map((object) => ({ ...object, label: index[object.label]! })) }),
  });
}
