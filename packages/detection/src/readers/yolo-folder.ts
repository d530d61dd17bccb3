import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, relative, resolve, sep } from 'node:path';
import { filesBelow, isLeftover, listFolder, readLines } from '@headstart/core/readers';
import { HeadstartError, type Reader, type SplitName } from '@headstart/core';
import { namesImage } from '@headstart/core/images';
import type { DetectionSample } from '../data/detection-sample.ts';
import { checkAnyBox, checkOncePerSplit } from './check-set.ts';
import { readPictures, type ListedPicture } from './read-pictures.ts';
import { readYoloSettings, type YoloSettings } from './yolo-settings.ts';
import { readYoloLabels, YOLO_FORM } from './yolo-labels.ts';

/**
 * A folder as YOLO's trainers take it: a `data.yaml` that names the classes and where the pictures of
 * each split are, pictures in a folder `images` (or anywhere), and for each a text file of the same name
 * in the folder `labels` instead. A picture without a text file, or with an empty one, is a negative.
 */
export const yoloFolder: Reader<DetectionSample> = {
  id: 'yolo-folder',
  modality: 'image',
  description: 'A YOLO data set: data.yaml, pictures in images/ and their boxes in labels/',
  task: 'object-detection',

  async detect(path) {
    const file = await settingsFile(path).catch(() => undefined);
    if (file === undefined) return 0;
    const text = await readFile(file, 'utf8').catch(() => '');
    return /^\s*["']?names["']?\s*:/m.test(text) && /^\s*["']?train["']?\s*:/m.test(text) ? 0.9 : 0;
  },

  async read(path, options) {
    const file = await settingsFile(path);
    if (file === undefined) {
      throw new HeadstartError({
        code: 'target-unreadable',
        message: `There is no data.yaml in ${path}.`,
        hint: 'Give a YOLO folder with its data.yaml, or the path of that file.',
      });
    }
    const settings = await readYoloSettings(file);
    const listed: ListedPicture[] = [];
    for (const [name, places] of settings.splits) {
      for (const place of places) listed.push(...(await picturesAt(settings, name, place)));
    }
    checkOncePerSplit(listed);
    const { samples, skipped, warnings } = await readPictures(path, listed, options, YOLO_FORM);
    if (!samples.some(({ sample }) => sample.objects.length > 0)) checkAnyBox(path, []);
    const folder = dirname(resolve(file));
    return {
      id: basename(folder),
      modality: 'image',
      reader: 'yolo-folder',
      labels: settings.names,
      samples,
      skipped,
      notes: { warnings },
    };
  },
};

const isYaml = (name: string) => ['.yaml', '.yml'].includes(extname(name).toLowerCase());

/** The path itself, or the folder's `data.yaml`, or its only YAML file. */
async function settingsFile(path: string): Promise<string | undefined> {
  if (isYaml(path)) return path;
  const files = (await listFolder(path, isLeftover)).filter(({ name, folder }) => !folder && isYaml(name));
  return (files.find(({ name }) => /^data\.ya?ml$/i.test(name)) ?? (files.length === 1 ? files[0] : undefined))?.path;
}

async function picturesAt(settings: YoloSettings, split: SplitName, place: string): Promise<ListedPicture[]> {
  const where = await locate(settings, place);
  const files: string[] = [];
  if (extname(where).toLowerCase() === '.txt') {
    for await (const { text } of readLines(where))
      if (text.trim() !== '') files.push(resolve(dirname(where), text.trim()));
  } else {
    for await (const { name, path } of filesBelow(where, isLeftover)) if (namesImage(name)) files.push(path);
  }
  return Promise.all(files.map((path) => pictureAt(settings, split, path)));
}

/** Where a split's pictures are; exporters write `../train/images` for a folder beside data.yaml. */
async function locate({ path, root }: YoloSettings, place: string): Promise<string> {
  const tries = [
    resolve(root, place),
    resolve(dirname(path), place),
    resolve(dirname(path), place.replace(/^(\.\.\/)+/, '')),
  ];
  for (const candidate of tries)
    if (
      await stat(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  throw new HeadstartError({
    code: 'target-not-found',
    message: `${path} says that pictures are in ${place}, and there is nothing at ${tries[0]}.`,
    hint: 'Correct the path in data.yaml; it counts from "path" there, or from the file itself.',
  });
}

async function pictureAt(
  { path: settings, names }: YoloSettings,
  split: SplitName,
  path: string,
): Promise<ListedPicture> {
  const labels = labelsFile(path);
  const written = await readYoloLabels(labels, names.length);
  const id = relative(dirname(resolve(settings)), path)
    .split(sep)
    .join('/');
  return {
    id,
    path,
    split,
    objects: () =>
      written.map(({ label, box, form, line }) => ({
        box,
        form,
        label,
        crowd: false,
        id: line,
        place: `${labels}, line ${line}`,
      })),
  };
}

/** `images/train/1.jpg` has its boxes in `labels/train/1.txt`: the last folder called `images` counts. */
function labelsFile(picture: string): string {
  const parts = picture.slice(0, -extname(picture).length).split(sep);
  const at = parts.lastIndexOf('images', parts.length - 2);
  if (at >= 0) parts[at] = 'labels';
  return `${parts.join(sep)}.txt`;
}
