import { mapLabels } from '../domains/map-labels.ts';
import type { TargetData } from '../domains/target-domain.ts';
import { classesOf } from '../inspection/examples.ts';

/**
 * The data without some classes and without every sample that bears one of them: what is left of such a sample would be
 * learned as if the class were not in it.
 */
export function leaveOutClasses(data: TargetData, gone: readonly boolean[]): TargetData {
  if (!gone.includes(true)) return data;
  const samples = data.samples.filter(({ sample }) => !classesOf(sample).some((label) => gone[label]));
  let kept = 0;
  const places = gone.map((left) => (left ? -1 : kept++));
  return mapLabels(
    { ...data, samples },
    data.labels.filter((_, label) => !gone[label]),
    places,
  );
}
