import { stat } from 'node:fs/promises';
import { HeadstartError } from '@headstart/core';
import { readLines } from '@headstart/core/readers';
import type { Box } from '../boxes/box.ts';
import type { BoxForm } from './box-form.ts';

/** How YOLO writes a box. */
export const YOLO_FORM: BoxForm = { layout: 'centres', unit: 'fractions' };

/** A line of a YOLO text file. */
export interface YoloObject {
  readonly label: number;
  readonly box: Box;
  /** For the box around an outline, which is in one form whatever the set's is. */
  readonly form?: BoxForm;
  readonly line: number;
}

/**
 * The objects in a YOLO text file, none where there is no file. A line is `class x y width height`, or
 * `class x1 y1 x2 y2 x3 y3 …` for an outline, whose box is taken.
 * @throws HeadstartError `sample-unreadable`, `label-invalid` with file and line
 */
export async function readYoloLabels(path: string, classes: number): Promise<YoloObject[]> {
  if (
    !(await stat(path).then(
      () => true,
      () => false,
    ))
  )
    return [];
  const objects: YoloObject[] = [];
  for await (const { text, line } of readLines(path)) {
    if (text.trim() !== '') objects.push(objectIn(text, line, path, classes));
  }
  return objects;
}

function objectIn(text: string, line: number, path: string, classes: number): YoloObject {
  const words = text.trim().split(/\s+/);
  const [label, ...numbers] = words.map((word) =>
    /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word) ? Number(word) : NaN,
  ) as [number, ...number[]];
  const place = `${path}, line ${line}`;
  if (
    !numbers.every((value) => Number.isFinite(value)) ||
    !(numbers.length === 4 || (numbers.length >= 6 && numbers.length % 2 === 0))
  ) {
    throw new HeadstartError({
      code: 'sample-unreadable',
      message: `${place}: "${text.trim().slice(0, 100)}" is not a class with four numbers, or with the points of an outline.`,
      hint: 'Write "class x y width height" as shares of the picture; train and evaluate leave its picture out with --skip-bad.',
    });
  }
  if (!Number.isInteger(label) || label < 0 || label >= classes) {
    throw new HeadstartError({
      code: 'label-invalid',
      message: `${place}: the class ${words[0]} is not one of the ${classes} in data.yaml.`,
      hint: `Classes are numbered from 0 to ${classes - 1}; name all of them in data.yaml.`,
    });
  }
  if (numbers.length === 4) return { label, box: [numbers[0]!, numbers[1]!, numbers[2]!, numbers[3]!], line };
  const [xs, ys] = [numbers.filter((_, i) => i % 2 === 0), numbers.filter((_, i) => i % 2 === 1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const box: Box = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
  return { label, box, form: YOLO_FORM, line };
}
