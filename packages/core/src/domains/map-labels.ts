import { altered } from './altered-sample.ts';
import type { Sample, TargetData } from './target-domain.ts';

/** The data with other labels: `places[n]` is where label n is among them. Labels that come to one place are one. */
export function mapLabels(data: TargetData, labels: readonly string[], places: readonly number[]): TargetData {
  if (places.every((to, from) => to === from)) return { ...data, labels };
  const samples = data.samples.map(({ sample, split }) => ({ split, sample: withLabelsAt(sample, places) }));
  return { ...data, labels, samples };
}

/** The sample with other labels, as `mapLabels`. */
export function withLabelsAt(sample: Sample, places: readonly number[]): Sample {
  const { label, labels, objects } = sample;
  if (label === undefined && labels === undefined && objects === undefined) return sample;
  return altered(sample, {
    ...(label !== undefined && { label: places[label]! }),
    ...(labels && { labels: [...new Set(labels.map((each) => places[each]!))].sort((a, b) => a - b) }),
    ...(objects && { objects: objects.map((object) => ({ ...object, label: places[object.label]! })) }),
  });
}
