import { listNames, missingNames } from '../domains/label-names.ts';
import { plural } from '../inspection/looked-at.ts';
import type { DataCleaning } from './clean-target.ts';
import { leaveOutClasses } from './leave-out-classes.ts';

/** Leaves out samples without a label, and those whose class name means that they have none. */
export const leaveOutMissing: DataCleaning = (data) => {
  const { unlabelled = [], ...labelled } = data;
  const gone = missingNames(data.labels);
  const left = leaveOutClasses(labelled, gone);
  const samples = unlabelled.length + data.samples.length - left.samples.length;
  const names = data.labels.filter((_, label) => gone[label]);
  const classes = names.length > 0 ? `, those labelled ${listNames(names)} among them` : '';
  return { data: left, samples, message: `${plural(samples, 'sample')} without a label left out${classes}` };
};
