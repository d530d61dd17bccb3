import type { TargetData } from '../domains/target-domain.ts';
import { nearEqualNames, visibleName } from '../domains/label-names.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { CheckOptions } from './task.ts';

/**
 * Checks that there are classes to distinguish: samples there, two classes at least, every class with a
 * sample, and with one to train on where the data set brings its own splits. Classes that the source knows need none.
 * @throws HeadstartError `target-empty`, `target-too-small`
 */
export function checkClasses({ id, labels, samples, skipped }: TargetData, { known }: CheckOptions = {}): void {
  const left = skipped.length > 0 ? ` (${skipped.length} left out as unreadable)` : '';
  if (samples.length === 0) {
    throw new HeadstartError({
      code: 'target-empty',
      message: `${id} has no sample${left}.`,
      hint: 'Give at least two classes with a few samples each.',
    });
  }
  if (labels.length < 2) {
    throw new HeadstartError({
      code: 'target-too-small',
      message: `${id} has one class only, "${labels[0]}": there is nothing to distinguish.`,
      hint: `Add a second class, if only of samples that show something else. If "${labels[0]}" is no class, make one folder per class, or give a table of the samples and their labels.`,
    });
  }
  const assigned = samples.some(({ split }) => split !== undefined);
  const counts = new Array<number>(labels.length).fill(0);
  for (const { sample, split } of samples) {
    if (sample.label !== undefined && (!assigned || (split ?? 'train') === 'train')) counts[sample.label]!++;
  }
  const missing = labels.filter((_, index) => counts[index] === 0 && !known?.has(index));
  if (missing.length > 0) {
    throw new HeadstartError({
      code: 'target-too-small',
      message: `${id}: ${missing.length === 1 ? 'the class' : 'the classes'} ${missing.map((label) => `"${label}"`).join(', ')} ${missing.length === 1 ? 'has' : 'have'} no sample ${assigned ? 'in the train split' : 'to learn from'}${left}.`,
      hint: spelling(labels, missing) ?? 'Add samples to the class, or remove it everywhere.',
    });
  }
}

/** Where a class without samples to learn from may be another spelling of one that has some. */
function spelling(labels: readonly string[], missing: readonly string[]): string | undefined {
  const near = nearEqualNames(labels).find(({ places }) => places.some((place) => missing.includes(labels[place]!)));
  if (!near) return undefined;
  const names = near.places.map((place) => visibleName(labels[place]!)).join(' and ');
  return `${names} differ in ${near.differ}: rename one, or have such names taken for one class with --clean near-equal-labels.`;
}
