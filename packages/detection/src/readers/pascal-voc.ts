import { stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { byCodeUnit, isLeftover, listFolder, readLines, splitNamed, type Entry } from '@headstart/core/readers';
import { HeadstartError, type Reader, type SkippedSample, type SplitName } from '@headstart/core';
import { namesImage } from '@headstart/core/images';
import type { DetectionSample } from '../data/detection-sample.ts';
import type { BoxForm } from './box-form.ts';
import type { WrittenObject } from './check-objects.ts';
import { checkAnyBox, checkOncePerSplit } from './check-set.ts';
import { readPictures, type ListedPicture } from './read-pictures.ts';
import { readVocXml, type VocAnnotation } from './voc-xml.ts';

/** How Pascal VOC writes a box. */
const VOC_FORM: BoxForm = { layout: 'corners', unit: 'pixels', inclusive: true };

/**
 * Pascal VOC annotations: `Annotations/*.xml` with `JPEGImages/` and the splits of `ImageSets/Main/`, or
 * XML files beside their pictures, in folders named for splits if you like. Boxes count pixels from 1,
 * both ends included. Objects marked difficult are neither learned nor counted. A picture is a negative
 * where its file has no object; one without a file is not part of the set.
 */
export const pascalVoc: Reader<DetectionSample> = {
  id: 'pascal-voc',
  modality: 'image',
  description: 'Pascal VOC annotations: XML files and their pictures',
  task: 'object-detection',

  async detect(path) {
    const entries = await listFolder(path, isLeftover).catch(() => []);
    const folder = (name: string) => entries.some((entry) => entry.folder && entry.name === name);
    if (folder('Annotations') && (folder('JPEGImages') || folder('images'))) return 0.9;
    const files = await annotationFiles(path).catch(() => []);
    return files.length > 0 ? 0.85 : 0;
  },

  async read(path, options) {
    const files = await annotationFiles(path);
    if (files.length === 0) {
      throw new HeadstartError({
        code: (await listFolder(path, isLeftover)).length === 0 ? 'target-empty' : 'target-unreadable',
        message: `There is no Pascal VOC file in ${path}.`,
        hint: 'Put XML files into the folder "Annotations", or beside their pictures.',
      });
    }
    const { kept, skipped: unlisted } = await withSplits(path, files);
    const annotations: VocAnnotation[] = [];
    for (const { xml } of kept) annotations.push(await readVocXml(xml));
    const labels = [...new Set(annotations.flatMap(({ objects }) => objects.map(({ name }) => name)))].sort(byCodeUnit);
    checkAnyBox(path, labels);
    const listed = await Promise.all(kept.map((file, i) => pictureOf(path, file, annotations[i]!, labels)));
    checkOncePerSplit(listed);
    const { samples, skipped, warnings } = await readPictures(path, listed, options, VOC_FORM);
    return {
      id: basename(resolve(path)),
      modality: 'image',
      reader: 'pascal-voc',
      labels,
      samples,
      skipped: [...unlisted, ...skipped],
      notes: { warnings },
    };
  },
};

interface AnnotationFile {
  readonly xml: string;
  /** Folders in which its picture may lie. */
  readonly folders: readonly string[];
  readonly split?: SplitName;
}

async function annotationFiles(root: string): Promise<AnnotationFile[]> {
  const entries = await listFolder(root, isLeftover);
  const inFolder = async (path: string, folders: readonly string[], split?: SplitName) =>
    (await listFolder(path, isLeftover)).filter(isXml).map(({ path: xml }) => ({ xml, folders, split }));
  const annotations = entries.find(({ folder, name }) => folder && name === 'Annotations');
  if (annotations) return inFolder(annotations.path, [join(root, 'JPEGImages'), join(root, 'images'), root]);
  const files: AnnotationFile[] = await inFolder(root, [root]);
  for (const { folder, name, path } of entries) {
    const split = folder ? splitNamed(name) : undefined;
    if (split) files.push(...(await inFolder(path, [path], split)));
  }
  return files;
}

const isXml = ({ folder, name }: Entry) => !folder && extname(name).toLowerCase() === '.xml';
const stemOf = (path: string) => basename(path, extname(path));

/** The splits of `ImageSets/Main`, where there are any; files that none of them lists are left out and reported. */
async function withSplits(
  root: string,
  files: readonly AnnotationFile[],
): Promise<{ kept: readonly AnnotationFile[]; skipped: SkippedSample[] }> {
  const splitOf = new Map<string, SplitName>();
  for (const name of ['train', 'val', 'test']) {
    const list = join(root, 'ImageSets', 'Main', `${name}.txt`);
    if (
      !(await stat(list).then(
        () => true,
        () => false,
      ))
    )
      continue;
    for await (const { text } of readLines(list)) {
      const [stem] = text.trim().split(/\s+/);
      if (stem) splitOf.set(stem, splitNamed(name)!);
    }
  }
  if (splitOf.size === 0) return { kept: files, skipped: [] };
  const kept = files.flatMap((file) =>
    splitOf.has(stemOf(file.xml)) ? [{ ...file, split: splitOf.get(stemOf(file.xml))! }] : [],
  );
  const unlisted = files.filter(({ xml }) => !splitOf.has(stemOf(xml)));
  return {
    kept,
    skipped: unlisted.map(({ xml }) => ({
      id: relative(root, xml).split(sep).join('/'),
      reason: 'no file in ImageSets/Main lists it',
    })),
  };
}

async function pictureOf(
  root: string,
  { xml, folders, split }: AnnotationFile,
  { filename, size, objects }: VocAnnotation,
  labels: readonly string[],
): Promise<ListedPicture> {
  const path = await findPicture(xml, folders, filename);
  const written = objects.map(
    ({ name, difficult, xmin, ymin, xmax, ymax }, i): WrittenObject => ({
      box: [xmin, ymin, xmax, ymax],
      label: labels.indexOf(name),
      crowd: difficult,
      id: i + 1,
      place: `${xml}: object ${i + 1} (${name})`,
      written: `from (${xmin}, ${ymin}) to (${xmax}, ${ymax})`,
    }),
  );
  return { id: relative(root, path).split(sep).join('/'), path, split, size, objects: () => written };
}

/** The picture that the file names, or the one with the file's own name. */
async function findPicture(xml: string, folders: readonly string[], filename: string | undefined): Promise<string> {
  if (filename !== undefined) {
    for (const folder of folders) {
      const path = join(folder, filename);
      if (
        await stat(path).then(
          (found) => found.isFile(),
          () => false,
        )
      )
        return path;
    }
  }
  for (const folder of folders) {
    const entries = await listFolder(folder, isLeftover).catch(() => []);
    const same = entries.find(({ name, folder: inner }) => !inner && namesImage(name) && stemOf(name) === stemOf(xml));
    if (same) return same.path;
  }
  throw new HeadstartError({
    code: 'sample-unreadable',
    message: `${xml}: there is no picture ${filename ?? `${stemOf(xml)}.*`} in ${folders.join(' or ')}.`,
    hint: 'Put the picture back, or remove its annotation file.',
  });
}
