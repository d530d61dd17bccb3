import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { openToRead } from '@headstart/artifacts/storage';
import { byCodeUnit, isLeftover, listFolder, splitNamed } from '@headstart/core/readers';
import { HeadstartError, type Reader, type ReadOptions } from '@headstart/core';
import type { DetectionSample } from '../data/detection-sample.ts';
import type { Id } from './box-table.ts';
import type { WrittenObject } from './check-objects.ts';
import { readCocoDocument, type CocoDocument } from './coco-document.ts';
import { cocoFiles, pictureFolder, type CocoFile } from './coco-files.ts';
import { checkAnyBox, checkOncePerSplit } from './check-set.ts';
import { readPictures, type ListedPicture } from './read-pictures.ts';

/**
 * COCO annotations: one JSON file with its pictures beside it, or a folder with a file per split. Labels
 * are the categories that occur, in the order of the first file's category ids. A picture without
 * annotations is a negative; one with `iscrowd` objects is not learned from where they lie.
 */
export const cocoJson: Reader<DetectionSample> = {
  id: 'coco-json',
  modality: 'image',
  description: 'COCO annotations: a JSON file, or a folder with one per split, and its pictures',
  task: 'object-detection',

  async detect(path) {
    if (extname(path).toLowerCase() === '.json') return (await beginsLikeCoco(path)) ? 0.9 : 0;
    const files = await cocoFiles(path).catch(() => []);
    const found = await Promise.all(files.map((file) => beginsLikeCoco(file.path)));
    return files.length > 0 && found.every(Boolean) ? 0.9 : 0;
  },

  async read(path, options) {
    const files = await cocoFiles(path);
    if (files.length === 0) {
      const empty = (await listFolder(path, isLeftover)).length === 0;
      throw new HeadstartError({
        code: empty ? 'target-empty' : 'target-unreadable',
        message: `There is no COCO file in ${path}.`,
        hint: 'Give a JSON file, or a folder that holds one itself or in its folder "annotations".',
      });
    }
    const root = extname(path).toLowerCase() === '.json' ? dirname(path) : path;
    return { id: setName(path), modality: 'image', reader: 'coco-json', ...(await readFiles(root, files, options)) };
  },
};

async function readFiles(root: string, files: readonly CocoFile[], options: ReadOptions) {
  const documents: CocoDocument[] = [];
  for (const file of files) documents.push(await readCocoDocument(file.path));
  const labels = labelsOf(documents);
  const listed: ListedPicture[] = [];
  for (const [i, document] of documents.entries())
    listed.push(...(await picturesOf(root, files[i]!, document, labels)));
  checkOncePerSplit(listed);
  checkAnyBox(root, labels);
  const { samples, skipped } = await readPictures(listed, options);
  return { labels, samples, skipped };
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
): Promise<ListedPicture[]> {
  const folder = await pictureFolder(file, document.images[0]!.file);
  const labelOf = document.categories.map(({ name }) => labels.indexOf(name));
  return document.images.map(({ id: imageId, file: name, width, height }, place) => {
    const path = join(folder, name);
    return {
      id: relative(root, path).split(sep).join('/'),
      path,
      split: file.split,
      ...(width !== undefined && height !== undefined && { size: { width, height } }),
      objects: () => objectsOf(document, place, labelOf, imageId),
    };
  });
}

function objectsOf(
  { annotations, annotationId, noBox, path }: CocoDocument,
  image: number,
  labelOf: readonly number[],
  imageId: Id,
): WrittenObject[] {
  return Array.from(annotations.rowsOf(image), (row) => ({
    box: annotations.box(row),
    label: labelOf[annotations.category(row)]!,
    crowd: annotations.crowd(row),
    area: annotations.number(row),
    id: annotationId(row),
    place: `${path}: annotation ${annotationId(row)} of image ${imageId}`,
    written: noBox.get(row),
  }));
}

/** A JSON file's name says little about it (`train.json`): the folder's says more. */
function setName(path: string): string {
  const whole = resolve(path);
  if (extname(whole).toLowerCase() !== '.json') return basename(whole);
  const folder = basename(dirname(whole));
  return folder.toLowerCase() === 'annotations' || splitNamed(folder) ? basename(dirname(dirname(whole))) : folder;
}

const HEAD = 64 * 1024;

/** Whether a JSON file begins as a COCO file does: with one of its members. */
async function beginsLikeCoco(path: string): Promise<boolean> {
  try {
    await using file = await openToRead(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    return /^\uFEFF?\s*\{\s*"/.test(text) && /"(images|annotations|categories)"\s*:\s*\[/.test(text);
  } catch {
    return false; // reading gives the reason
  }
}
