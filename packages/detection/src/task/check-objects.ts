import { HeadstartError, type CheckOptions, type TargetData } from '@headstart/core';
import type { DetectionSample } from '../data/detection-sample.ts';
import { MOST_OBJECTS } from './truth.ts';

/**
 * Checks that there is something to find: pictures, and for each class that is not known already an object to learn from.
 * @throws HeadstartError `target-empty`, `target-too-small`, `not-supported`
 */
export function checkObjects({ id, labels, samples }: TargetData<DetectionSample>, { known }: CheckOptions = {}): void {
  if (samples.length === 0)
    throw new HeadstartError({
      code: 'target-empty',
      message: `${id} has no picture.`,
      hint: 'Give at least a few pictures with boxes.',
    });
  const counts = new Array<number>(labels.length).fill(0);
  const assigned = samples.some(({ split }) => split !== undefined);
  for (const { sample, split } of samples) {
    if (sample.objects.length > MOST_OBJECTS) {
      throw new HeadstartError({
        code: 'not-supported',
        message: `${sample.id} has ${sample.objects.length} objects; a picture may have ${MOST_OBJECTS} at most.`,
        hint: 'Cut the picture into several, or mark groups of objects as crowds.',
      });
    }
    if (assigned && (split ?? 'train') !== 'train') continue;
    for (const { label, crowd } of sample.objects) if (!crowd) counts[label]!++;
  }
  if (assigned && samples.every(({ split }) => split !== undefined && split !== 'train')) {
    const splits = [...new Set(samples.map(({ split }) => split))];
    throw new HeadstartError({
      code: 'target-empty',
      message: `${id} has pictures in its ${splits.join(' and ')} split${splits.length > 1 ? 's' : ''} only, and none to train on.`,
      hint: 'Give pictures of a train split; to measure a model on these, use evaluate.',
    });
  }
  if (counts.every((count) => count === 0)) {
    throw new HeadstartError({
      code: 'target-empty',
      message: `${id} has no box to learn from.`,
      hint: 'Annotate objects with boxes; pictures without any serve as negatives only.',
    });
  }
  const missing = labels.filter((_, label) => counts[label] === 0 && !known?.has(label));
  if (missing.length > 0) {
    throw new HeadstartError({
      code: 'target-too-small',
      message: `${id}: ${missing.length === 1 ? 'the class' : 'the classes'} ${missing.map((label) => `"${label}"`).join(', ')} ${missing.length === 1 ? 'has' : 'have'} no object ${assigned ? 'in the train split' : 'to learn from'}.`,
      hint: 'Add objects of the class, or remove it from the list of classes.',
    });
  }
}
