import { stat } from 'node:fs/promises';
import { basename, dirname, extname, relative, resolve } from 'node:path';
import { HeadstartError, type SplitName } from '@headstart/core';
import type { DataWarning, PassedOver } from '@headstart/core/readers';
import { checkFolderSplits, findBareSet } from './bare-yolo.ts';
import { readClassNames } from './class-names.ts';
import { readDarknetSettings } from './darknet-settings.ts';
import { FolderLists } from './folder-lists.ts';
import { LabelFiles } from './label-files.ts';
import { passedOver } from './passed-over.ts';
import { idFrom, locatePlaces, picturesAt, type PlacedPicture } from './yolo-places.ts';
import { wrappedIn } from './wrapper-folder.ts';
import { looksLikeSettings, readYoloSettings, type YoloSettings } from './yolo-settings.ts';

/** The pictures of a YOLO data set and what is known of its rows, before any label file is read. */
export interface YoloSet {
  /** The folder that ids count from. */
  readonly root: string;
  readonly pictures: readonly (PlacedPicture & { readonly split?: SplitName })[];
  readonly labels: LabelFiles;
  /** The classes by their numbers, and what names them; absent where nothing does. */
  readonly names?: readonly string[];
  readonly named?: string;
  readonly keypoints?: number;
  readonly passedOver: readonly PassedOver[];
  readonly warnings: readonly DataWarning[];
}

const isYaml = (name: string) => ['.yaml', '.yml'].includes(extname(name).toLowerCase());
const isDarknet = (name: string) => extname(name).toLowerCase() === '.data';
/** Folders looked into to tell whether a folder is such a set. */
const LOOK = 64;

/** Whether there is a YOLO set at a path: settings that name pictures, or label files beside pictures. */
export async function isYoloSet(path: string): Promise<boolean> {
  if (isYaml(path)) return looksLikeSettings(path);
  if (isDarknet(path)) return true;
  const lists = new FolderLists();
  const root = resolve(path);
  const [file] = await settingsFiles(root, lists);
  if (file !== undefined && (isDarknet(file) || (await looksLikeSettings(file)))) return true;
  if (await isDescribedWithin(root, lists)) return false; // the set is in there
  return (await findBareSet(root, lists, new LabelFiles(root, lists), LOOK)) !== undefined;
}

/**
 * The set at a path: by the settings that are given or lie in the folder (a data.yaml, or another YAML file like it, or
 * Darknet's .data file), or by its label files alone.
 * @throws HeadstartError `target-*`, `label-invalid`
 */
export async function findYoloSet(path: string): Promise<YoloSet> {
  const lists = new FolderLists();
  const files = isYaml(path) || isDarknet(path) ? [path] : await settingsFiles(resolve(path), lists);
  if (files.length > 1) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${path} has ${files.length} files that describe a set: ${files.map((file) => basename(file)).join(', ')}.`,
      hint: 'Give the path of the one to read.',
    });
  }
  const [file] = files;
  if (file === undefined) return bareSet(path, lists);
  return describedSet(isYaml(file) ? await readYoloSettings(file) : await readDarknetSettings(file), lists);
}

/** Whether a folder that is the only one in another, however deep, has files that describe a set. */
async function isDescribedWithin(root: string, lists: FolderLists): Promise<boolean> {
  const inner = await wrappedIn(root);
  if (inner === undefined) return false;
  return (await settingsFiles(inner, lists)).length > 0 || isDescribedWithin(inner, lists);
}

/** `data.yaml`, or else all files in a folder that describe a set. */
async function settingsFiles(folder: string, lists: FolderLists): Promise<string[]> {
  const files = (await lists.entries(folder)).filter((entry) => !entry.folder);
  const yaml = files.filter(({ name }) => isYaml(name)).map((entry) => entry.path);
  const usual = yaml.find((each) => /^data\.ya?ml$/i.test(basename(each)));
  if (usual !== undefined) return [usual];
  const like = await Promise.all(yaml.map(looksLikeSettings));
  const described = yaml.filter((_, i) => like[i]);
  return described.length > 0 ? described : files.filter(({ name }) => isDarknet(name)).map((entry) => entry.path);
}

async function describedSet(settings: YoloSettings, lists: FolderLists): Promise<YoloSet> {
  const folder = dirname(resolve(settings.path));
  const root = (await isFolder(settings.root)) ? settings.root : folder;
  const places = settings.splits.flatMap(([split, written]) => written.map((place) => ({ split, place })));
  const located = await locatePlaces(
    settings,
    places.map(({ place }) => place),
  );
  const pictures: YoloSet['pictures'][number][] = [];
  const others: string[] = [];
  for (const [i, { split, place }] of places.entries()) {
    const placed = await picturesAt(located[i]!, root);
    for (const picture of placed.pictures) pictures.push({ ...picture, split });
    for (const other of placed.others) others.push(other);
    if (placed.pictures.length === 0 && placed.others.length > 0) throw noPicture(settings.path, place, placed.others);
  }
  const again = places.findIndex(
    ({ split }, i) => places.findIndex((other, j) => located[j] === located[i] && other.split !== split) >= 0,
  );
  return {
    root: folder,
    pictures,
    labels: new LabelFiles(root, lists),
    names: settings.names,
    named: settings.named,
    ...(settings.keypoints !== undefined && { keypoints: settings.keypoints }),
    passedOver: passedOver(
      'files that are not pictures which can be read',
      others.map((path) => idFrom(folder, path)),
    ),
    warnings:
      again < 0
        ? []
        : [
            samePictures(
              settings.path,
              places.filter((_, i) => located[i] === located[again]),
            ),
          ],
  };
}

async function bareSet(path: string, lists: FolderLists): Promise<YoloSet> {
  const root = resolve(path);
  const labels = new LabelFiles(root, lists);
  const found = await findBareSet(root, lists, labels);
  if (!found) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `There is no data.yaml in ${path}, and no label file of a picture (labels/1.txt for images/1.jpg) has rows "class x y width height".`,
      hint: 'Give a YOLO folder with its data.yaml, or the path of that file.',
    });
  }
  checkFolderSplits(path, found.folders);
  return {
    root,
    pictures: found.folders.flatMap(({ pictures, split }) => pictures.map((picture) => ({ path: picture, split }))),
    labels,
    ...(found.namesFile !== undefined && {
      names: await readClassNames(found.namesFile),
      named: relative(root, found.namesFile),
    }),
    passedOver: passedOver(
      'pictures in folders without label files',
      found.others.map((picture) => idFrom(root, picture)),
    ),
    warnings: [],
  };
}

function noPicture(path: string, place: string, files: readonly string[]): HeadstartError {
  const endings = [...new Set(files.map((file) => extname(file).toLowerCase()))].slice(0, 5);
  return new HeadstartError({
    code: 'target-empty',
    message: `${path} says that pictures are in ${place}; its ${files.length} files end in ${endings.join(', ')}, which is no kind of picture that can be read.`,
    hint: 'Convert them to JPEG or PNG, under the same names.',
  });
}

function samePictures(
  path: string,
  places: readonly { readonly split: SplitName; readonly place: string }[],
): DataWarning {
  const splits = [...new Set(places.map(({ split }) => split))];
  return {
    code: 'same-pictures-in-splits',
    message: `${path} gives the same pictures (${places[0]!.place}) for ${splits.join(' and ')}: what is measured there says nothing of new pictures.`,
    hint: 'Leave the later split out of the file, or take copies out of it with --clean duplicates.',
    samples: [],
  };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
