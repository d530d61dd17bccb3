import { mapLabels } from '../domains/map-labels.ts';
import { classesOf } from '../inspection/examples.ts';
import { nearEqualNames, visibleName } from '../domains/label-names.ts';
import { plural } from '../inspection/looked-at.ts';
import type { DataCleaning } from './clean-target.ts';
import { countedInClasses } from './counted-in-classes.ts';

/** Gives classes of nearly the same name the spelling that most of their samples have; of equally many, the first one. */
export const mergeLabels: DataCleaning = (data) => {
  const counts = countedInClasses(data);
  const target = data.labels.map((_, label) => label);
  const merges: string[] = [];
  for (const { places } of nearEqualNames(data.labels)) {
    const commonest = places.reduce((best, place) => (counts[place]! > counts[best]! ? place : best));
    for (const place of places) {
      if (place === commonest) continue;
      target[place] = commonest;
      merges.push(`${visibleName(data.labels[place]!)} is ${visibleName(data.labels[commonest]!)}`);
    }
  }
  const kept = data.labels.flatMap((_, label) => (target[label] === label ? [label] : []));
  const merged = mapLabels(
    data,
    kept.map((label) => data.labels[label]!),
    target.map((label) => kept.indexOf(label)),
  );
  const samples = data.samples.filter(({ sample }) =>
    classesOf(sample).some((label) => target[label] !== label),
  ).length;
  const what = merges.length > 0 ? `: ${merges.join(', ')}` : '';
  return { data: merged, samples, message: `${plural(samples, 'sample')} given another spelling of the class${what}` };
};
