import { basename, dirname, relative, sep } from 'node:path';
import { HeadstartError, type SplitName } from '@headstart/core';
import { namesImage } from '@headstart/core/images';
import { readLines } from '@headstart/core/readers';
import { isNamesFile } from './class-names.ts';
import type { FolderLists } from './folder-lists.ts';
import type { LabelFiles } from './label-files.ts';
import { splitOfName } from './split-of-name.ts';
import { isYoloRow } from './yolo-labels.ts';

/** A folder of pictures with label files, and the split that its path names. */
export interface PictureFolder {
  readonly path: string;
  readonly pictures: readonly string[];
  readonly split?: SplitName;
}

/** Pictures with YOLO label files that no data.yaml describes. */
export interface BareSet {
  readonly folders: readonly PictureFolder[];
  /** Pictures in other folders. */
  readonly others: readonly string[];
  /** The file that names the classes. */
  readonly namesFile?: string;
}

/** So many pictures of a folder are looked at to tell whether it is one of such a set. */
const LOOK = 20;
/** So deep lie folders of pictures, and so many folders are looked into. */
const DEEPEST = 5;

/**
 * The folders of pictures below `root` that have YOLO label files, see `LabelFiles`: `images/train` with
 * `labels/train`, `train/images` with `train/labels`, or both in one folder.
 * @param most folders looked into
 * @returns undefined where no label file has rows of numbers
 */
export async function findBareSet(
  root: string,
  lists: FolderLists,
  labels: LabelFiles,
  most = 10_000,
): Promise<BareSet | undefined> {
  const folders: (PictureFolder & { readonly labelled: boolean })[] = [];
  const names: string[] = [];
  const queue = [root];
  for (let next = 0; next < queue.length && next < most; next++) {
    const path = queue[next]!;
    const entries = await lists.entries(path);
    for (const entry of entries) if (!entry.folder && isNamesFile(entry.name)) names.push(entry.path);
    const pictures = entries.filter(({ folder, name }) => !folder && namesImage(name)).map((entry) => entry.path);
    if (pictures.length > 0) {
      const labelled = await hasLabels(pictures, labels);
      folders.push({ path, pictures, split: splitOfPath(root, path), labelled });
    }
    if (relative(root, path).split(sep).length < DEEPEST)
      for (const entry of entries) if (entry.folder) queue.push(entry.path);
  }
  if (!folders.some(({ labelled }) => labelled)) return undefined;
  const belongs = ({ path, labelled }: (typeof folders)[number]) =>
    labelled || isImages(basename(path)) || isImages(basename(dirname(path)));
  return {
    folders: folders.filter(belongs).sort((a, b) => (a.path < b.path ? -1 : 1)),
    others: folders.filter((folder) => !belongs(folder)).flatMap(({ pictures }) => pictures),
    namesFile: names[0],
  };
}

const isImages = (name: string) => /images?$/i.test(name);

/** Whether a label file of some of the first pictures begins with a row. */
async function hasLabels(pictures: readonly string[], labels: LabelFiles): Promise<boolean> {
  for (const picture of pictures.slice(0, LOOK)) {
    const file = await labels.find(picture);
    if (file !== undefined && (await beginsWithRow(file))) return true;
  }
  return false;
}

async function beginsWithRow(path: string): Promise<boolean> {
  try {
    for await (const { text } of readLines(path)) if (text.trim() !== '') return isYoloRow(text);
  } catch {
    return false; // no text at all
  }
  return false;
}

/** The split that the innermost folder of a path names. */
function splitOfPath(root: string, path: string): SplitName | undefined {
  return relative(root, path)
    .split(sep)
    .reverse()
    .map(splitOfName)
    .find((split) => split !== undefined);
}

/** @throws HeadstartError `target-unreadable` where some folders name splits and others do not */
export function checkFolderSplits(root: string, folders: readonly PictureFolder[]): void {
  const [named, nameless] = [folders.find(({ split }) => split), folders.find(({ split }) => !split)];
  if (!named || !nameless) return;
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${root} has pictures with labels in ${relative(root, named.path)}, which names a split, and in ${relative(root, nameless.path) || 'the folder itself'}, which names none.`,
    hint: 'Put all pictures into folders that are named for splits (train, val, test), or write a data.yaml that says what each folder is.',
  });
}
