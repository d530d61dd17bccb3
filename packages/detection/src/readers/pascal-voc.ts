import { basename, relative, resolve, sep } from 'node:path';
import { byCodeUnit, isLeftover, listFolder, type PassedOver } from '@headstart/core/readers';
import { HeadstartError, type Reader, type SkippedSample } from '@headstart/core';
import { mapBounded } from '@headstart/core/images';
import type { DetectionSample } from '../data/detection-sample.ts';
import type { BoxForm } from './box-form.ts';
import type { WrittenObject } from './check-objects.ts';
import { checkAnyBox, checkOncePerSplit } from './check-set.ts';
import { FolderLists } from './folder-lists.ts';
import { passedOver } from './passed-over.ts';
import { readPictures, type ListedPicture } from './read-pictures.ts';
import { annotationFiles, hasVocFiles, withSplits, type AnnotationFile } from './voc-files.ts';
import { VocPictures } from './voc-pictures.ts';
import { readVocXml, type VocAnnotation } from './voc-xml.ts';
import { enteringWrappers } from './wrapper-folder.ts';

/** How Pascal VOC writes a box. */
const VOC_FORM: BoxForm = { layout: 'corners', unit: 'pixels', inclusive: true };

/** The corners of a box that is turned, which lie between pixels. */
const PIXEL_CORNERS: BoxForm = { layout: 'corners', unit: 'pixels' };

/** Files read at once. */
const PARALLEL = 32;

/**
 * Pascal VOC annotations: `Annotations/*.xml` with `JPEGImages/` and the splits of `ImageSets/Main/`, or
 * XML files beside their pictures, in folders named for splits if you like; see `annotationFiles`. Boxes count pixels
 * from 1, both ends included (reader option `boxes` for others, see `boxFormOf`). Objects marked difficult are neither
 * learned nor counted. A picture is a negative where its file has no object; one without a file is not part of the set.
 */
export const pascalVoc: Reader<DetectionSample> = enteringWrappers({
  id: 'pascal-voc',
  modality: 'image',
  description: 'Pascal VOC annotations: XML files and their pictures',
  task: 'object-detection',

  async detect(path) {
    return (await hasVocFiles(path, new FolderLists()).catch(() => false)) ? 0.9 : 0;
  },

  async read(path, options) {
    const lists = new FolderLists();
    const files = await annotationFiles(path, lists);
    if (files.length === 0) {
      throw new HeadstartError({
        code: (await listFolder(path, isLeftover)).length === 0 ? 'target-empty' : 'target-unreadable',
        message: `There is no Pascal VOC file in ${path}.`,
        hint: 'Put XML files into the folder "Annotations", or beside their pictures.',
      });
    }
    const { kept, skipped: unlisted } = await withSplits(path, files, lists);
    const { read, skipped: broken } = await readFiles(path, kept, options.skipBad);
    const labels = [...new Set(read.flatMap(({ annotation }) => annotation.objects.map(({ name }) => name)))];
    labels.sort(byCodeUnit);
    checkAnyBox(path, labels);
    const pictures = new VocPictures(lists);
    const listed = await mapBounded(read, PARALLEL, (file) => pictureOf(path, file, pictures, labels));
    checkOncePerSplit(listed);
    const { samples, skipped, warnings } = await readPictures(path, listed, options, VOC_FORM);
    return {
      id: basename(resolve(path)),
      modality: 'image',
      reader: 'pascal-voc',
      labels,
      samples,
      skipped: [...unlisted, ...broken, ...skipped],
      notes: {
        passedOver: [...(await withoutFile(path, files, listed, pictures)), ...aroundOthers(path, read)],
        warnings,
      },
    };
  },
});

interface ReadFile {
  readonly file: AnnotationFile;
  readonly annotation: VocAnnotation;
}

/** With `skipBad` files that cannot be read are left out. */
async function readFiles(root: string, files: readonly AnnotationFile[], skipBad: boolean) {
  const skipped: SkippedSample[] = [];
  const read = await mapBounded(files, PARALLEL, async (file): Promise<ReadFile | undefined> => {
    try {
      return { file, annotation: await readVocXml(file.xml) };
    } catch (cause) {
      if (!skipBad || !HeadstartError.is(cause) || cause.code !== 'target-unreadable') throw cause;
      skipped.push({ id: idFrom(root, file.xml), reason: cause.message });
      return undefined;
    }
  });
  return { read: read.filter((each) => each !== undefined), skipped };
}

async function pictureOf(
  root: string,
  { file, annotation }: ReadFile,
  pictures: VocPictures,
  labels: readonly string[],
): Promise<ListedPicture> {
  const { xml, split } = file;
  const { filename, size, objects } = annotation;
  const found = await pictures.find(file, filename);
  const written = objects.map(({ name, difficult, sides, around }, i): WrittenObject => {
    const [xmin, ymin, xmax, ymax] = sides;
    return {
      box: sides,
      ...(around === 'turned box' && { form: PIXEL_CORNERS }),
      label: labels.indexOf(name),
      crowd: difficult,
      id: i + 1,
      place: `${xml}: object ${i + 1} (${name})`,
      written: `from (${xmin}, ${ymin}) to (${xmax}, ${ymax})`,
    };
  });
  const where =
    'path' in found
      ? { id: idFrom(root, found.path), path: found.path }
      : { id: idFrom(root, xml), path: xml, missing: found.missing };
  return { ...where, split, size, objects: () => written };
}

/** Pictures in the folders of pictures that no annotation file is about. */
async function withoutFile(
  root: string,
  files: readonly AnnotationFile[],
  listed: readonly ListedPicture[],
  pictures: VocPictures,
): Promise<PassedOver[]> {
  const known = new Set(listed.map(({ path }) => path));
  const folders = [...new Set(files.flatMap((file) => file.pictures))];
  const there = (await Promise.all(folders.map((folder) => pictures.picturesIn(folder)))).flat();
  const unknown = there.filter((path) => !known.has(path)).map((path) => idFrom(root, path));
  return passedOver('pictures without an annotation file', unknown.sort(byCodeUnit));
}

/** Objects whose box is that around what is written. */
function aroundOthers(root: string, read: readonly ReadFile[]): PassedOver[] {
  const others = read.filter(({ annotation }) => annotation.objects.some(({ around }) => around !== undefined));
  return passedOver(
    'annotation files with outlines or turned boxes, for which the boxes around them are taken',
    others.map(({ file }) => idFrom(root, file.xml)),
  );
}

function idFrom(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}
