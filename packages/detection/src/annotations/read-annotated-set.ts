import { basename, resolve } from 'node:path';
import type { ReadOptions, TargetData } from '@headstart/core';
import { byCodeUnit, type DataWarning } from '@headstart/core/readers';
import type { DetectionSample } from '../data/detection-sample.ts';
import { checkAnyBox, checkOncePerSplit } from '../readers/check-set.ts';
import { readPictures } from '../readers/read-pictures.ts';
import { SHAPES, type AnnotatedSet } from './annotated-set.ts';
import { findPictures, type FoundPicture } from './find-pictures.ts';
import { callClasses } from './numbered-classes.ts';

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
  const written = set.labels.ids.map(String);
  const { names, warnings: numbers } = callClasses(folder, written, options.options);
  const nameOf = new Map(written.map((each, i) => [each, names[i]!]));
  const labels = [...new Set(inOrder(written).map((each) => nameOf.get(each)!))];
  if (set.unlabelled.size === 0 && !options.sealed) checkAnyBox(folder, labels);
  const place = new Map(labels.map((label, i) => [label, i]));
  const labelOf = names.map((name) => place.get(name)!);
  const found = await findPictures(set, root);
  const listed = found.map((picture) => ({
    ...picture,
    source: set.pictures[picture.index]!.source,
    group: set.pictures[picture.index]!.group,
    objects: () => set.objectsOf(picture.index, labelOf),
  }));
  checkOncePerSplit(listed);
  const labelled = options.sealed ? listed : listed.filter(({ index }) => !set.unlabelled.has(index));
  const { samples, skipped, warnings } = await readPictures(folder, labelled, options, set.form);
  const unlabelled = found.flatMap(({ id, index }) =>
    set.unlabelled.has(index) && !options.sealed ? [{ id, reason: set.unlabelled.get(index)! }] : [],
  );
  return {
    id: basename(root),
    modality: 'image',
    reader,
    labels,
    samples,
    skipped,
    ...(unlabelled.length > 0 && { unlabelled }),
    notes: {
      ...(set.table && { table: set.table }),
      passedOver: set.passedOver,
      warnings: [...shapesWarning(set, found), ...set.warnings, ...numbers, ...warnings],
    },
  };
}

function inOrder(labels: readonly string[]): string[] {
  const numbers = labels.every((label) => /^\d{1,15}$/.test(label));
  return [...labels].sort(numbers ? (a, b) => Number(a) - Number(b) || byCodeUnit(a, b) : byCodeUnit);
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
