import { basename, resolve } from 'node:path';
import type { ReadOptions, TargetData } from '@headstart/core';
import { byCodeUnit, type DataWarning } from '@headstart/core/readers';
import type { Size } from '../boxes/box.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { PIXEL_SIZES } from '../readers/box-form.ts';
import type { WrittenObject } from '../readers/check-objects.ts';
import { checkAnyBox, checkOncePerSplit } from '../readers/check-set.ts';
import { readPictures } from '../readers/read-pictures.ts';
import { SHAPES, type AnnotatedSet } from './annotated-set.ts';
import { findPictures, type FoundPicture } from './find-pictures.ts';

export interface AnnotatedSetRequest {
  /** The folder that ids count from, and below which pictures are looked for. */
  readonly root: string;
  /** The reader's id. */
  readonly reader: string;
  readonly options: ReadOptions;
}

/**
 * The samples of an annotated set: its pictures found and checked, its boxes checked and cut to the pictures. Labels
 * are in code-point order; those that are all whole numbers in that of numbers.
 * @throws HeadstartError `sample-unreadable` for a picture that is not there or a box that is none, `target-unreadable`, `target-empty`
 */
export async function readAnnotatedSet(
  set: AnnotatedSet,
  { root: folder, reader, options }: AnnotatedSetRequest,
): Promise<TargetData<DetectionSample>> {
  const root = resolve(folder);
  const names = set.labels.ids.map(String);
  const labels = inOrder(names);
  if (set.unlabelled.size === 0) checkAnyBox(folder, labels);
  const place = new Map(labels.map((label, i) => [label, i]));
  const labelOf = names.map((name) => place.get(name)!);
  const { found, skipped: missing } = await findPictures(set, root, options.skipBad);
  const listed = found.map((picture) => ({ ...picture, objects: objectsOf(set, picture.index, labelOf) }));
  checkOncePerSplit(listed);
  const labelled = listed.filter(({ index }) => !set.unlabelled.has(index));
  const { samples, skipped } = await readPictures(folder, labelled, options);
  const unlabelled = found.flatMap(({ id, index }) =>
    set.unlabelled.has(index) ? [{ id, reason: set.unlabelled.get(index)! }] : [],
  );
  return {
    id: basename(root),
    modality: 'image',
    reader,
    labels,
    samples,
    skipped: [...missing, ...skipped],
    ...(unlabelled.length > 0 && { unlabelled }),
    notes: { passedOver: set.passedOver, warnings: [...shapesWarning(set, found), ...set.warnings] },
  };
}

function inOrder(labels: readonly string[]): string[] {
  const numbers = labels.every((label) => /^\d{1,15}$/.test(label));
  return [...labels].sort(numbers ? (a, b) => Number(a) - Number(b) || byCodeUnit(a, b) : byCodeUnit);
}

function objectsOf(set: AnnotatedSet, picture: number, labelOf: readonly number[]) {
  const { boxes, conventions } = set;
  return ({ width, height }: Size): WrittenObject[] => {
    const scale = conventions.unit === 'pixels' ? [1, 1] : [width, height];
    return Array.from(boxes.rowsOf(picture), (row) => {
      const [x, y, w, h] = boxes.box(row);
      const number = boxes.number(row);
      return {
        box: [x * scale[0]!, y * scale[1]!, w * scale[0]!, h * scale[1]!],
        form: PIXEL_SIZES,
        label: labelOf[boxes.category(row)]!,
        crowd: boxes.crowd(row),
        id: number,
        place: set.placeOf(picture, number),
      };
    });
  };
}

/** That boxes around other shapes were taken. */
function shapesWarning(set: AnnotatedSet, found: readonly FoundPicture[]): DataWarning[] {
  const others = [...set.shapes].filter(([shape]) => shape !== 'box');
  if (others.length === 0) return [];
  const count = others.reduce((sum, [, shape]) => sum + shape.count, 0);
  const pictures = new Set(others.flatMap(([, shape]) => shape.pictures));
  const what = others.map(([shape, { count: of }]) => `${of} ${SHAPES[shape][of === 1 ? 0 : 1]}`).join(', ');
  return [
    {
      code: 'shapes-as-boxes',
      message: `${what} ${count === 1 ? 'is' : 'are'} read as the upright box around ${count === 1 ? 'it' : 'each'}.`,
      hint: 'Nothing is to be done where such boxes serve; to read only what was drawn as a box, give the reader option shapes=boxes.',
      samples: found
        .filter(({ index }) => pictures.has(index))
        .slice(0, 10)
        .map(({ id }) => id),
    },
  ];
}
