import { basename, dirname, extname } from 'node:path';
import { readLines } from '@headstart/core/readers';
import type { AnnotatedSet } from './annotated-set.ts';
import { annotationError, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { annotationReader, headIs } from './annotation-reader.ts';
import { cellNumber } from './table-cells.ts';

/** A type, 14 numbers and, of a detector's output, a score. */
const NUMBER = String.raw`[ \t]+[-+]?[\d.]+(?:e[-+]?\d+)?`;
const LINE = new RegExp(`^[A-Za-z][\\w-]*(?:${NUMBER}){14}(?:${NUMBER})?[ \\t]*\\r?$`, 'im');
const COLUMNS = 15;

/** Regions in which objects are not labelled (Geiger et al., 2012). */
const NOT_LABELLED = 'DontCare';

/**
 * KITTI's objects (https://www.cvlibs.net/datasets/kitti/eval_object.php): for each picture in `image_2/` a text in `label_2/`
 * whose lines have a type, three numbers, the corners of the box in pixels and the object's place in space. `DontCare`
 * regions are left aside. A picture whose text is empty is a negative; one without a text is not part of the set.
 */
export const kitti = annotationReader({
  id: 'kitti',
  description: "KITTI's objects: texts in label_2/ and pictures in image_2/",
  what: 'KITTI',
  endings: ['.txt'],
  isOne: headIs((head) => LINE.test(head)),
  noun: 'line',
  mayBeEmpty: true,
  readFile: readKitti,
});

async function readKitti({ path, split }: AnnotationFile, set: AnnotatedSet): Promise<void> {
  set.stateForm({ layout: 'corners', unit: 'pixels' }, path);
  const stem = basename(path, extname(path));
  const images = basename(dirname(path)).replace(/label/i, 'image');
  const picture = set.addPicture({ source: path, file: `${images}/${stem}`, otherwise: [stem], split });
  for await (const { text, line } of readLines(path)) {
    if (text.trim() === '') continue;
    const words = text.trim().split(/\s+/);
    if (words.length < COLUMNS || words.length > COLUMNS + 1) {
      throw annotationError(
        `${path}, line ${line}`,
        `${shown(text)} has ${words.length} values, and KITTI's lines have ${COLUMNS}`,
        'Repair or remove the line.',
      );
    }
    if (words[0] === NOT_LABELLED) {
      set.passOver(`${NOT_LABELLED} regions`, set.placeOf(picture, line));
      continue;
    }
    const [left, top, right, bottom] = words.slice(4, 8).map(cellNumber) as [number, number, number, number];
    set.addObject(picture, { label: words[0], box: [left, top, right, bottom], number: line });
  }
}
