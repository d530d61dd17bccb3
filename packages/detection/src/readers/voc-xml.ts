import { openToRead } from '@headstart/artifacts/storage';
import type { Box, Size } from '../boxes/box.ts';
import { annotationError } from '../annotations/annotation-error.ts';
import { walkXml } from '../annotations/xml-walk.ts';
import { boxAround } from './outline-box.ts';

/** One object of a Pascal VOC file. */
export interface VocObject {
  readonly name: string;
  readonly difficult: boolean;
  /** `xmin ymin xmax ymax` as they are written; of an outline or a turned box those around it. */
  readonly sides: Box;
  /** Whether the sides are those around an outline, or around a box that is turned. */
  readonly around?: 'outline' | 'turned box';
}

export interface VocAnnotation {
  readonly filename?: string;
  /** Absent where the file does not say, or says 0. */
  readonly size?: Size;
  readonly objects: readonly VocObject[];
}

/** A crowded picture's annotations have some hundred kilobytes. */
const LARGEST = 16 * 2 ** 20;
const HEAD = 4096;

const SIDES = ['xmin', 'ymin', 'xmax', 'ymax'];
/** A box that is turned, as roLabelImg writes it: centre, sizes, and an angle in radians. */
const TURNED = ['cx', 'cy', 'w', 'h', 'angle'];
const TEXTS = new Set([
  'filename',
  'size/width',
  'size/height',
  'object/name',
  'object/difficult',
  ...SIDES.map((side) => `object/bndbox/${side}`),
  ...TURNED.map((number) => `object/robndbox/${number}`),
]);
/** A coordinate of an outline: `x1`, `y1`, `x2`, … */
const POINT = /^object\/polygon\/[xy]\d+$/;

/** Whether a file begins as a Pascal VOC file does, and not as one of the LabelMe of 2005, which has the same root. */
export async function looksLikeVoc(path: string): Promise<boolean> {
  try {
    await using file = await openToRead(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const head = buffer.toString('latin1', 0, bytesRead);
    return /<annotation[\s/>]/.test(head) && !/<(imagesize|pt)>/.test(head);
  } catch {
    return false; // reading gives the reason
  }
}

/** What is collected of an object. */
interface Fields {
  readonly texts: Record<string, string>;
  /** Coordinates of its outline, in the order of the file. */
  readonly points: string[];
}

/**
 * Reads a Pascal VOC annotation file (Everingham et al., 2010), also with `polygon` or `robndbox` for a box. Entities that
 * a document declares are refused, not expanded.
 * @throws HeadstartError `target-unreadable` with file, line and column; `label-invalid` for an object without a name
 */
export async function readVocXml(path: string): Promise<VocAnnotation> {
  const found: Record<string, string> = {};
  const objects: Fields[] = [];
  await walkXml(path, LARGEST, {
    open(at) {
      if (at.length === 1 && at[0] !== 'annotation')
        throw annotationError(
          path,
          `it begins with <${at[0]}>, not <annotation>`,
          'Write the file again as Pascal VOC has it.',
        );
      if (at.length === 2 && at[1] === 'object') objects.push({ texts: {}, points: [] });
      if (POINT.test(at.slice(1).join('/'))) objects.at(-1)!.points.push('');
    },
    text(at, text) {
      const place = at.slice(1).join('/');
      const { texts, points } = objects.at(-1) ?? { texts: found, points: [] };
      if (POINT.test(place)) points.push((points.pop() ?? '') + text);
      if (!TEXTS.has(place)) return;
      const into = place.startsWith('object/') ? texts : found;
      into[place] = (into[place] ?? '') + text;
    },
  });
  const size = { width: Number(found['size/width'] ?? 0), height: Number(found['size/height'] ?? 0) };
  return {
    filename: found['filename']?.trim() || undefined,
    ...(size.width > 0 && size.height > 0 && { size }),
    objects: objects.map((fields, i) => objectOf(path, fields, `object ${i + 1}`)),
  };
}

function objectOf(path: string, { texts, points }: Fields, what: string): VocObject {
  const text = (name: string) => texts[`object/${name}`]?.trim() ?? '';
  const number = (name: string) => numberIn(text(name));
  const name = text('name');
  if (name === '')
    throw annotationError(path, `${what} has no name`, 'Say what it shows, or remove it.', 'label-invalid');
  const difficult = text('difficult') === '1';
  const turned = TURNED.map((each) => number(`robndbox/${each}`));
  if (SIDES.every((side) => text(`bndbox/${side}`) === '')) {
    if (points.length >= 6) return { name, difficult, sides: cornersAround(points.map(numberIn)), around: 'outline' };
    if (turned.every((each) => Number.isFinite(each)))
      return { name, difficult, sides: cornersOfTurned(turned), around: 'turned box' };
  }
  return { name, difficult, sides: SIDES.map((side) => number(`bndbox/${side}`)) as unknown as Box };
}

const numberIn = (text: string) => (text.trim() === '' ? NaN : Number(text));

function cornersAround(points: readonly number[]): Box {
  const [x, y, width, height] = boxAround(points);
  return [x, y, x + width, y + height];
}

function cornersOfTurned([x, y, width, height, angle]: readonly number[]): Box {
  const [cos, sin] = [Math.abs(Math.cos(angle!)), Math.abs(Math.sin(angle!))];
  const [halfWidth, halfHeight] = [(width! * cos + height! * sin) / 2, (width! * sin + height! * cos) / 2];
  return [x! - halfWidth, y! - halfHeight, x! + halfWidth, y! + halfHeight];
}
