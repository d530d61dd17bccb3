import { basename, dirname, extname, resolve } from 'node:path';
import {
  byCodeUnit,
  isLeftover,
  listFolder,
  splitNamed,
  type DataWarning,
  type RecognisedLayout,
} from '@headstart/core/readers';
import { HeadstartError, type Reader, type ReadOptions } from '@headstart/core';
import { areaOf, type Size } from '../boxes/box.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { boxFormOf, PIXEL_SIZES, pixelBox, type BoxForm } from './box-form.ts';
import type { WrittenObject } from './check-objects.ts';
import { readCocoDocument, type CocoDocument } from './coco-document.ts';
import { checkCocoFiles, cocoFiles, isAnnotationFolder, type CocoFile, type CocoFiles } from './coco-files.ts';
import { findPictures } from './coco-pictures.ts';
import { checkAnyBox, checkOncePerSplit } from './check-set.ts';
import type { Id } from './ids.ts';
import { lookAtJson } from './look-at-json.ts';
import { passedOver } from './passed-over.ts';
import { readPictures, type ListedPicture } from './read-pictures.ts';
import { leavesOutUnannotated, unannotatedWarning } from './unannotated.ts';
import { enteringWrappers } from './wrapper-folder.ts';

/**
 * COCO annotations: one JSON file with its pictures beside it, or a folder with a file per split. Labels
 * are the categories that occur, in the order of the first file's category ids. A picture without
 * annotations is a negative; one with `iscrowd` objects is not learned from where they lie. Reader options: `boxes`, see
 * `boxFormOf`; `unannotated=leave-out` for pictures of a file that has no annotation at all.
 */
export const cocoJson: Reader<DetectionSample> = enteringWrappers({
  id: 'coco-json',
  modality: 'image',
  description: 'COCO annotations: a JSON file, or a folder with one per split, and its pictures',
  task: 'object-detection',

  async detect(path) {
    if (extname(path).toLowerCase() === '.json') return (await lookAtJson(path)).kind === 'coco' ? 0.9 : 0;
    const { files } = await cocoFiles(path).catch(() => ({ files: [] }));
    return files.length > 0 ? 0.9 : 0;
  },

  async recognise(path) {
    const found = await cocoFiles(path).catch(() => undefined);
    if (!found?.notCoco) return found?.picturesOnly === undefined ? undefined : withoutAnnotations(found.picturesOnly);
    const { notCoco } = found;
    const { form, remedy } = notCoco.look;
    return { layout: `boxes in ${basename(notCoco.path)}, not as a COCO file but as ${form}`, hint: remedy };
  },

  async read(path, options) {
    const found = await cocoFiles(path);
    checkCocoFiles(path, found);
    if (found.files.length === 0) {
      const empty = (await listFolder(path, isLeftover)).length === 0;
      throw new HeadstartError({
        code: empty ? 'target-empty' : 'target-unreadable',
        message: `There is no COCO file in ${path}.`,
        hint: 'Give a JSON file, or a folder that holds one itself or in its folder "annotations".',
      });
    }
    const root = extname(path).toLowerCase() === '.json' ? dirname(path) : path;
    return { id: setName(path), modality: 'image', reader: 'coco-json', ...(await readFiles(root, found, options)) };
  },
});

function withoutAnnotations(path: string): RecognisedLayout {
  return {
    layout: `a COCO list of pictures without "annotations" in ${basename(path)}`,
    hint: 'Export the annotations with the pictures: one JSON object with the lists "images", "annotations" and "categories".',
  };
}

async function readFiles(root: string, { files, passedOver: others }: CocoFiles, options: ReadOptions) {
  const form = boxFormOf(PIXEL_SIZES, options.options);
  const documents: CocoDocument[] = [];
  for (const file of files) documents.push(await readCocoDocument(file.path));
  const labels = labelsOf(documents);
  if (!options.sealed) checkAnyBox(root, labels);
  const leaveOut = leavesOutUnannotated(options.options);
  const listed: ListedPicture[] = [];
  for (const [i, document] of documents.entries()) {
    if (leaveOut && document.annotations.length === 0) continue;
    for (const picture of await picturesOf(root, files[i]!, document, labels, form)) listed.push(picture);
  }
  checkOncePerSplit(listed);
  const { samples, skipped, warnings } = await readPictures(root, listed, options);
  return {
    labels,
    samples,
    skipped,
    notes: {
      passedOver: [...others, ...documents.flatMap((document) => remarksOn(document))],
      warnings: [...warnings, ...(leaveOut ? [] : documents.flatMap(withoutBoxes))],
    },
  };
}

/** The categories that some annotation has, by their ids in the first file that has them. */
function labelsOf(documents: readonly CocoDocument[]): string[] {
  const labels = new Set<string>();
  for (const { categories, annotations } of documents) {
    const used = new Set<number>();
    for (let row = 0; row < annotations.length; row++) used.add(annotations.category(row));
    const present = [...used].map((place) => categories[place]!).sort((a, b) => compareIds(a.id, b.id));
    for (const { name } of present) labels.add(name);
  }
  return [...labels];
}

function compareIds(a: Id, b: Id): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : byCodeUnit(String(a), String(b));
}

async function picturesOf(
  root: string,
  file: CocoFile,
  document: CocoDocument,
  labels: readonly string[],
  form: BoxForm,
): Promise<ListedPicture[]> {
  const found = await findPictures(root, file, document);
  const labelOf = document.categories.map(({ name }) => labels.indexOf(name));
  return document.images.map(({ id: imageId, width, height }, place) => ({
    ...found[place]!,
    source: file.path,
    split: file.split,
    ...(width !== undefined && height !== undefined && { size: { width, height } }),
    objects: (size) => objectsOf(document, place, labelOf, imageId, form, size),
  }));
}

function objectsOf(
  { annotations, annotationId, noBox, outlined, path }: CocoDocument,
  image: number,
  labelOf: readonly number[],
  imageId: Id,
  form: BoxForm,
  size: Size,
): WrittenObject[] {
  return Array.from(annotations.rowsOf(image), (row) => {
    const [box, area] = [annotations.box(row), annotations.number(row)];
    return {
      box,
      ...(outlined.has(row) && { form: PIXEL_SIZES }),
      label: labelOf[annotations.category(row)]!,
      crowd: annotations.crowd(row),
      area: Number.isNaN(area) ? areaOf(pixelBox(box, outlined.has(row) ? PIXEL_SIZES : form, size)) : area,
      id: annotationId(row),
      place: `${path}: annotation ${annotationId(row)} of image ${imageId}`,
      written: noBox.get(row),
    };
  });
}

/** That a file beside others lists pictures and no box: the test pictures of a challenge, say. */
function withoutBoxes({ path, images, annotations }: CocoDocument): DataWarning[] {
  if (annotations.length > 0) return [];
  return [
    unannotatedWarning(
      'split-without-boxes',
      `${path} lists ${images.length} pictures and no box.`,
      images.map(({ file }) => file),
    ),
  ];
}

/** What was read otherwise than it is written, for people to know. */
function remarksOn({ images, categories, annotations, annotationId, renewedIds, outlined, noSize }: CocoDocument) {
  const used = new Set<number>();
  for (let row = 0; row < annotations.length; row++) used.add(annotations.category(row));
  const unused = categories.filter((_, place) => !used.has(place)).map(({ name }) => name);
  const rows = (list: Iterable<number>) => Array.from(list, (row) => `annotation ${annotationId(row)}`);
  return [
    ...passedOver('categories without a box', unused),
    ...passedOver(
      'sizes of 0, for which the pictures’ own are taken',
      noSize.map((place) => images[place]!.file),
    ),
    ...passedOver('annotation ids that are absent or repeat, for which new ones are taken', rows(renewedIds)),
    ...passedOver('outlines without a box, for which the box around them is taken', rows(outlined)),
  ];
}

/** A JSON file's name says little about it (`train.json`): the folder's says more. */
function setName(path: string): string {
  const whole = resolve(path);
  if (extname(whole).toLowerCase() !== '.json') return basename(whole);
  const folder = basename(dirname(whole));
  return isAnnotationFolder(folder) || splitNamed(folder) ? basename(dirname(dirname(whole))) : folder;
}
