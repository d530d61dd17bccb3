import { altered } from '../domains/altered-sample.ts';
import { doubledObjects } from '../inspection/boxes.ts';
import { plural } from '../inspection/looked-at.ts';
import type { DataCleaning } from './clean-target.ts';

/** Leaves out objects that repeat an earlier one of their picture. */
export const leaveOutDoubledBoxes: DataCleaning = (data, { view }) => {
  let pictures = 0;
  let boxes = 0;
  const samples = data.samples.map((read) => {
    const { sample } = read;
    const doubled = new Set(doubledObjects(sample, view(sample).picture?.boxes ?? []));
    if (doubled.size === 0) return read;
    pictures += 1;
    boxes += doubled.size;
    return { ...read, sample: altered(sample, { objects: sample.objects!.filter((_, place) => !doubled.has(place)) }) };
  });
  const message = `${plural(boxes, 'box', 'boxes')} that ${boxes === 1 ? 'repeats' : 'repeat'} another left out, in ${plural(pictures, 'picture')}`;
  return { data: { ...data, samples }, samples: pictures, message };
};
