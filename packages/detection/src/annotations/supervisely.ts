import { basename, extname } from 'node:path';
import { jsonItems } from '../readers/json-items.ts';
import type { AnnotatedSet } from './annotated-set.ts';
import { annotationError, brief, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { annotationReader, headIs } from './annotation-reader.ts';
import { member, pointIn, sizeIn, textIn } from './json-fields.ts';
import { boxAround } from './shape-boxes.ts';

/**
 * Supervisely's projects of images (https://docs.supervisely.com): in each data set's folder `img/` the pictures and
 * in `ann/` a JSON file for each (`a.jpg.json`). A picture without objects is a negative.
 */
export const supervisely = annotationReader({
  id: 'supervisely',
  description: 'A Supervisely project: JSON files in ann/ and pictures in img/',
  what: 'Supervisely',
  endings: ['.json'],
  isOne: headIs((head) => /^\s*\{/.test(head) && /"objects"\s*:\s*\[/.test(head) && /"size"\s*:\s*\{/.test(head)),
  noun: 'object',
  readFile: readSupervisely,
});

async function readSupervisely({ path, split }: AnnotationFile, set: AnnotatedSet): Promise<void> {
  const objects: unknown[] = [];
  let size: unknown;
  for await (const { key, index, value } of jsonItems(path)) {
    if (key === 'objects' && index !== undefined) objects.push(value);
    else if (key === 'size') size = value;
  }
  const file = basename(path, extname(path));
  const picture = set.addPicture({
    source: path,
    file: `img/${file}`,
    otherwise: [file],
    size: sizeIn(member(size, 'width'), member(size, 'height')),
    split,
  });
  objects.forEach((object, i) => addObject(set, picture, object, i + 1));
}

function addObject(set: AnnotatedSet, picture: number, object: unknown, number: number): void {
  const place = set.placeOf(picture, number);
  const kind = textIn(member(object, 'geometryType'));
  const label = textIn(member(object, 'classTitle'));
  if (kind === undefined)
    throw annotationError(
      place,
      `its geometryType is ${shown(member(object, 'geometryType'))}`,
      'Export the project again.',
    );
  if (kind === 'bitmap' && !set.conventions.boxesOnly) {
    throw annotationError(
      place,
      'it is a bitmap, whose box the file does not give',
      'Export the project as COCO, or leave masks out with the reader option shapes=boxes.',
    );
  }
  if (kind !== 'rectangle' && kind !== 'polygon')
    return set.passOver(`objects of the kind "${brief(kind)}", which have no box`, place);
  const exterior = member(member(object, 'points'), 'exterior');
  const box = boxAround(Array.isArray(exterior) ? exterior.map(pointIn) : []);
  set.addObject(picture, { label, box, number, shape: kind === 'rectangle' ? 'box' : 'outline' });
}
