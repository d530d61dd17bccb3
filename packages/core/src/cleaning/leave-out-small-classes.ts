import { FEW_SAMPLES } from '../inspection/label-warnings.ts';
import { listNames } from '../domains/label-names.ts';
import { plural } from '../inspection/looked-at.ts';
import type { DataCleaning } from './clean-target.ts';
import { leaveOutClasses } from './leave-out-classes.ts';
import { countedInClasses } from './counted-in-classes.ts';

/**
 * Leaves out classes of which there is little, and the samples that bear them; again where that takes samples of other
 * classes with it.
 */
export const leaveOutSmallClasses: DataCleaning = (data) => {
  let left = data;
  const names: string[] = [];
  for (;;) {
    const small = countedInClasses(left).map((count) => count < FEW_SAMPLES);
    if (!small.includes(true)) break;
    names.push(...left.labels.filter((_, label) => small[label]));
    left = leaveOutClasses(left, small);
  }
  const samples = data.samples.length - left.samples.length;
  const classes = names.length > 0 ? ` with the classes ${listNames(names)}` : '';
  return { data: left, samples, message: `${plural(samples, 'sample')} left out${classes}` };
};
