import type { DataWarning } from '../domains/reading-notes.ts';
import { doubledObjects, isUnseen } from './boxes.ts';
import { samplesIn } from './count-splits.ts';
import { NAMED, plural, type LookedAt } from './looked-at.ts';

/** Boxes that are there twice, and boxes that nobody sees. */
export function boxWarnings({ splits, view }: LookedAt): DataWarning[] {
  const doubled = { boxes: 0, pictures: [] as string[] };
  const unseen = { boxes: 0, pictures: [] as string[] };
  for (const { sample } of samplesIn(splits)) {
    if (!sample.objects?.length) continue;
    const { boxes = [], size } = view(sample).picture ?? {};
    const note = (found: typeof doubled, count: number) => {
      if (count === 0) return;
      found.boxes += count;
      found.pictures.push(sample.id);
    };
    note(doubled, doubledObjects(sample, boxes).length);
    note(unseen, size ? boxes.filter((box) => isUnseen(box, size)).length : 0);
  }
  const warn = ({ boxes, pictures }: typeof doubled, code: string, what: string, hint: string): DataWarning[] =>
    boxes === 0
      ? []
      : [
          {
            code,
            message: `${plural(boxes, 'box', 'boxes')} in ${plural(pictures.length, 'picture')} ${what}.`,
            hint,
            samples: pictures.slice(0, NAMED),
          },
        ];
  return [
    ...warn(
      doubled,
      'doubled-boxes',
      `${doubled.boxes === 1 ? 'repeats' : 'repeat'} one of the same class (IoU above 0.95)`,
      'Keep one of each: --clean doubled-boxes leaves the later ones out.',
    ),
    ...warn(
      unseen,
      'tiny-boxes',
      `${unseen.boxes === 1 ? 'is' : 'are'} less than 2 pixels wide or high once the picture is shrunk to 640: too small to see`,
      'Cut large pictures into parts, or remove such boxes.',
    ),
  ];
}
