import { splitNamed } from '@headstart/core/readers';
import type { Box } from '../boxes/box.ts';
import type { AnnotatedSet, Shape } from './annotated-set.ts';
import { annotationError, brief, shown } from './annotation-error.ts';
import type { AnnotationFile } from './annotation-files.ts';
import { annotationReader, headIs } from './annotation-reader.ts';
import { sizeIn } from './json-fields.ts';
import { boxAround, boxAroundEllipse, boxAroundTurned, middleOf, type Point } from './shape-boxes.ts';
import { walkXml } from './xml-walk.ts';
import { UNREAD_XML } from './unread-layouts.ts';

/** A task of a hundred thousand pictures has some 50 MB. */
const LARGEST = 256 * 2 ** 20;

/**
 * "CVAT for images 1.1" (https://docs.cvat.ai/docs/manual/advanced/formats/format-cvat/): an XML file with the pictures
 * of a task, of a job or of a project and their shapes. A project's subsets are splits where their names say so. A
 * picture without shapes is a negative.
 */
export const cvatXml = annotationReader({
  id: 'cvat-xml',
  description: 'CVAT for images 1.1: an XML file of pictures and shapes, and the pictures',
  what: 'CVAT for images',
  endings: ['.xml'],
  isOne: headIs(
    (head) => /<annotations[\s>]/.test(head) && /<(meta|version|image)[\s>]/.test(head) && !/<track\s/.test(head),
  ),
  near: UNREAD_XML,
  noun: 'shape',
  readFile: readCvat,
});

type Attributes = Readonly<Record<string, string>>;

async function readCvat({ path, split }: AnnotationFile, set: AnnotatedSet): Promise<void> {
  let picture = -1;
  let number = 0;
  let listed = 0;
  await walkXml(path, LARGEST, {
    open(at, attributes) {
      const name = at.at(-1)!;
      if (at.length === 1 && name !== 'annotations')
        throw annotationError(path, `it begins with <${name}>, not <annotations>`, 'Export "CVAT for images 1.1".');
      if (at.length === 2 && name === 'track') throw video(path);
      if (at.length === 2 && name === 'image') {
        const { name: file, id, width, height, subset } = attributes;
        if (!file?.trim())
          throw annotationError(path, `image ${listed + 1} has no name`, 'Give every image the name of its file.');
        listed++;
        number = 0;
        picture = set.addPicture({
          source: path,
          file,
          place: `image ${brief(id ?? String(listed))} (${brief(file)})`,
          size: sizeIn(Number(width), Number(height)),
          split: (subset && splitNamed(subset)) || split,
        });
      }
      if (at.length === 3 && at[1] === 'image') addShape(set, picture, name, attributes, ++number);
    },
  });
  if (listed === 0)
    throw annotationError(path, 'it lists no images', 'Export "CVAT for images 1.1" from a task that has some.');
}

function video(path: string) {
  return annotationError(
    path,
    'it has the tracks of a video ("CVAT for video 1.1"), which do not name pictures',
    'Export the task as "CVAT for images 1.1" or "COCO 1.0", with "save images".',
  );
}

function addShape(set: AnnotatedSet, picture: number, kind: string, attributes: Attributes, number: number): void {
  const place = set.placeOf(picture, number);
  if (attributes['outside'] === '1') return set.passOver('shapes marked as outside the picture', place);
  const shape = shapeOf(kind, attributes, place);
  if (!shape) return set.passOver(`shapes of the kind "${brief(kind)}", which have no box`, place);
  set.addObject(picture, { label: attributes['label']?.trim() || undefined, number, ...shape });
}

/** The box of a shape, and whether it was drawn as one; undefined for tags, points, lines and the like. */
function shapeOf(kind: string, attributes: Attributes, place: string): { box: Box; shape: Shape } | undefined {
  const number = (name: string) => (attributes[name]?.trim() ? Number(attributes[name]) : NaN);
  const degrees = attributes['rotation'] === undefined ? 0 : number('rotation');
  if (Number.isNaN(degrees))
    throw annotationError(place, `its rotation is ${shown(attributes['rotation'])}`, 'Give degrees.');
  switch (kind) {
    case 'box': {
      const [left, top] = [number('xtl'), number('ytl')];
      const box: Box = [left, top, number('xbr') - left, number('ybr') - top];
      if (degrees % 360 === 0) return { box, shape: 'box' };
      return { box: boxAroundTurned(box, degrees, middleOf(box)), shape: 'turned box' };
    }
    case 'polygon':
      return { box: boxAround(pointsIn(attributes['points'] ?? '')), shape: 'outline' };
    case 'ellipse':
      return {
        box: boxAroundEllipse([number('cx'), number('cy')], [number('rx'), number('ry')], degrees),
        shape: 'outline',
      };
    case 'mask':
      return { box: [number('left'), number('top'), number('width'), number('height')], shape: 'mask' };
    default:
      return undefined;
  }
}

/** `x,y;x,y;…` */
function pointsIn(text: string): Point[] {
  return text
    .split(';')
    .map((pair) => pair.split(',').map((side) => (side.trim() === '' ? NaN : Number(side))))
    .map(([x, y]): Point => [x ?? NaN, y ?? NaN]);
}
