import { HeadstartError } from '@headstart/core';
import { readLines, skipHint } from '@headstart/core/readers';
import type { Box } from '../boxes/box.ts';
import type { BoxForm } from './box-form.ts';
import { boxAround } from './outline-box.ts';

/** How YOLO writes a box. */
export const YOLO_FORM: BoxForm = { layout: 'centres', unit: 'fractions' };

/** A line of a YOLO text file. */
export interface YoloObject {
  readonly label: number;
  readonly box: Box;
  /** The numbers of the outline that the box is around: then it is in `YOLO_FORM`, whatever the set's form is. */
  readonly outline?: readonly number[];
  readonly line: number;
}

/** What the rows of a set are. */
export interface RowKind {
  /** The number of classes, and what names them; any class where absent. */
  readonly classes?: { readonly count: number; readonly named: string };
  /** So many numbers of keypoints stand after each box. */
  readonly keypoints?: number;
}

/**
 * The objects in a YOLO text file. A line is `class x y width height`, the same with keypoints after it where the set has
 * some, or else `class x1 y1 x2 y2 x3 y3 …` for an outline or a turned box, whose box is taken.
 * @throws HeadstartError `sample-unreadable`, `label-invalid` with file and line
 */
export async function readYoloLabels(path: string, kind: RowKind): Promise<YoloObject[]> {
  const objects: YoloObject[] = [];
  for await (const { text, line } of readLines(path)) {
    if (text.trim() !== '') objects.push(objectIn(text.trim(), line, path, kind));
  }
  return objects;
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** Whether a line may be one of a YOLO text file: a class number with four numbers or more. */
export function isYoloRow(text: string): boolean {
  const words = text.trim().split(/\s+/);
  return words.length >= 5 && words.every((word) => NUMBER.test(word)) && /^\d+(\.0*)?$/.test(words[0]!);
}

function objectIn(text: string, line: number, path: string, { classes, keypoints }: RowKind): YoloObject {
  const words = text.split(/\s+/);
  const [label, ...numbers] = words.map((word) => (NUMBER.test(word) ? Number(word) : NaN)) as [number, ...number[]];
  const place = `${path}, line ${line}`;
  const boxed = numbers.length === 4 || numbers.length === 4 + (keypoints ?? 0);
  const outlined = keypoints === undefined && numbers.length >= 6 && numbers.length % 2 === 0;
  if (!numbers.every((value) => Number.isFinite(value)) || !(boxed || outlined))
    throw badRow(place, text, numbers.length, keypoints);
  if (!Number.isInteger(label) || label < 0 || label >= (classes?.count ?? Infinity)) {
    const known = classes && `one of the ${classes.count} in ${classes.named}`;
    throw new HeadstartError({
      code: 'label-invalid',
      message: `${place}: the class ${words[0]} is not ${known ?? 'a whole number from 0'}.`,
      hint: classes
        ? `Classes are numbered from 0 to ${classes.count - 1}; name all of them in ${classes.named}.`
        : 'Classes are numbered from 0; their names belong in data.yaml or classes.txt.',
    });
  }
  if (boxed) return { label, box: numbers.slice(0, 4) as unknown as Box, line };
  const [left, top, width, height] = boxAround(numbers);
  return { label, box: [left + width / 2, top + height / 2, width, height], outline: numbers, line };
}

function badRow(place: string, text: string, count: number, keypoints: number | undefined): HeadstartError {
  const expected =
    keypoints === undefined
      ? 'a class with four numbers, or with the points of an outline'
      : `a class with four numbers and the ${keypoints} of its keypoints`;
  const odd = keypoints === undefined && count > 4 && count % 2 === 1;
  const why = !odd
    ? ''
    : count === 5
      ? ' A fifth number, a confidence or an angle, is not read.'
      : ' Rows with keypoints need kpt_shape in data.yaml, or the reader option keypoints.';
  return new HeadstartError({
    code: 'sample-unreadable',
    message: `${place}: "${text.slice(0, 100)}" is not ${expected}.${why}`,
    hint: `Write "class x y width height" as shares of the picture; ${skipHint('its picture')}`,
  });
}
