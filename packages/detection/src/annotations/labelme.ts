import { basename, extname } from 'node:path';
import { jsonItems } from '../readers/json-items.ts';
import type { Box } from '../boxes/box.ts';
import type { AnnotatedSet, Shape } from './annotated-set.ts';
import { annotationError, brief, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { annotationReader, headIs } from './annotation-reader.ts';
import { member, pointIn, sizeIn, textIn } from './json-fields.ts';
import { boxAround, boxAroundEllipse, type Point } from './shape-boxes.ts';
import { UNREAD_JSON } from './unread-layouts.ts';

/**
 * labelme (https://github.com/wkentaro/labelme) and what writes its files (X-AnyLabeling, AnyLabeling): a JSON file for
 * each picture, beside it or in a folder of their own. A picture whose file has no shape is a negative; one without a file is not
 * part of the set.
 */
export const labelme = annotationReader({
  id: 'labelme',
  description: 'labelme: a JSON file of shapes beside each picture',
  what: 'labelme',
  endings: ['.json'],
  isOne: headIs(
    (head) =>
      /^\s*\{/.test(head) &&
      (/"shapes"\s*:\s*\[/.test(head) || /"imageData"\s*:/.test(head)) &&
      /"(flags|imagePath|imageData)"\s*:/.test(head),
  ),
  near: UNREAD_JSON,
  noun: 'shape',
  readFile: readLabelme,
});

async function readLabelme({ path, split }: AnnotationFile, set: AnnotatedSet): Promise<void> {
  const shapes: unknown[] = [];
  const about = new Map<string, unknown>();
  for await (const { key, index, value } of jsonItems(path)) {
    if (index === undefined) about.set(key, key === 'imageData' ? typeof value === 'string' && value !== '' : value);
    else if (key === 'shapes') shapes.push(value);
  }
  const picture = set.addPicture({
    source: path,
    file: textIn(about.get('imagePath')) ?? stemOf(path),
    otherwise: [stemOf(path)],
    embedded: about.get('imageData') === true,
    size: sizeIn(about.get('imageWidth'), about.get('imageHeight')),
    split,
  });
  shapes.forEach((shape, i) => addShape(set, picture, shape, i + 1));
}

const stemOf = (path: string) => basename(path, extname(path));

function addShape(set: AnnotatedSet, picture: number, shape: unknown, number: number): void {
  const place = set.placeOf(picture, number);
  const points = member(shape, 'points');
  if (!Array.isArray(points))
    throw annotationError(place, `its points are ${shown(points)}`, 'Give a list of [x, y], or remove the shape.');
  const kind = textIn(member(shape, 'shape_type')) ?? 'polygon';
  const found = boxOfShape(kind, points.map(pointIn));
  if (!found) return set.passOver(`shapes of the kind "${brief(kind)}", which have no box`, place);
  set.addObject(picture, { label: textIn(member(shape, 'label')), number, ...found });
}

/** The box of a shape; undefined for points and lines. */
function boxOfShape(kind: string, points: readonly Point[]): { box: Box; shape: Shape } | undefined {
  switch (kind) {
    case 'rectangle':
      return { box: boxAround(points), shape: 'box' };
    case 'rotation':
      return { box: boxAround(points), shape: 'turned box' };
    case 'polygon':
      return { box: boxAround(points), shape: 'outline' };
    case 'circle': {
      const [middle = [NaN, NaN], edge = [NaN, NaN]] = points;
      const radius = Math.hypot(edge[0] - middle[0], edge[1] - middle[1]);
      return { box: boxAroundEllipse(middle, [radius, radius]), shape: 'outline' };
    }
    case 'mask': {
      const [x, y, width, height] = boxAround(points);
      return { box: [x, y, width + 1, height + 1], shape: 'mask' }; // both corners are pixels of the mask
    }
    default:
      return undefined;
  }
}
