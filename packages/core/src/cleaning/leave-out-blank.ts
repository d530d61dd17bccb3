import { blankPictures } from '../inspection/blank-pictures.ts';
import { plural } from '../inspection/looked-at.ts';
import type { DataCleaning } from './clean-target.ts';

/** Leaves out pictures of one colour. */
export const leaveOutBlank: DataCleaning = async (data, { view, progress }) => {
  const blank = await blankPictures(
    data.samples.map(({ sample }) => sample),
    view,
    progress,
  );
  const samples = data.samples.filter(({ sample }) => !blank.has(sample));
  return {
    data: { ...data, samples },
    samples: blank.size,
    message: `${plural(blank.size, 'picture')} of one colour left out`,
  };
};
