import { HeadstartError, type Reader, type SplitName } from '@headstart/core';
import { realpath, stat } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import type { ImageSample } from '../images/image-sample.ts';
import { namesImage } from './file-kinds.ts';
import { readSamples, type FoundImage } from './read-samples.ts';
import { splitNamed } from './split-names.ts';
import { byCodePoint, filesBelow, listFolder, type Entry } from './walk.ts';

/**
 * A folder of class folders: `photos/cat/1.jpg` is a cat. Pictures may lie deeper inside their class
 * folder. Where all folders are named `train`, `validation` (or `val`, `valid`) and `test`, and train is
 * among them, they are the splits and the class folders lie inside.
 *
 * Passed over: hidden files, notes and tables (`.txt`, `.md`, `.json`, `.csv`, `.xml`, …), what file
 * managers leave, and any file above the class folders that is no picture by its name. Every other
 * file inside a class folder must be a picture, whatever its name.
 */
export const imageFolder: Reader<ImageSample> = {
  id: 'image-folder',
  modality: 'image',
  description: 'A folder of class folders of images, with train/, validation/ and test/ above them if you like',
  task: 'image-classification',

  async detect(path) {
    if (!(await isFolder(path))) return 0;
    for (const folder of (await listFolder(path)).filter((entry) => entry.folder)) {
      for await (const file of filesBelow(folder.path, [await realpath(path)])) {
        if (namesImage(file.name)) return 0.8;
      }
    }
    return 0;
  },

  async read(path, options) {
    const root = resolve(path);
    const top = await listFolder(root);
    const folders = top.filter((entry) => entry.folder);
    refuseLoosePictures(top, path, folders.length > 0);
    const listed = isSplitLayout(folders)
      ? (await Promise.all(folders.map((folder) => listSplit(root, folder)))).flat()
      : await listClasses(root, folders);
    if (listed.length === 0) throw emptyTarget(path);

    const labels = [...new Set(listed.map(({ className }) => className))].sort(byCodePoint);
    const found: FoundImage[] = listed.map(({ className, file, split }) => ({
      id: relative(root, file.path).split(sep).join('/'),
      path: file.path,
      label: labels.indexOf(className),
      split,
    }));
    const { samples, skipped } = await readSamples(found, options);
    return { id: basename(root), modality: 'image', reader: 'image-folder', labels, samples, skipped };
  },
};

interface Listed {
  readonly className: string;
  readonly file: Entry;
  readonly split?: SplitName;
}

function isSplitLayout(folders: readonly Entry[]): boolean {
  const names = folders.map(({ name }) => splitNamed(name));
  return names.includes('train') && !names.includes(undefined);
}

async function listSplit(root: string, folder: Entry): Promise<Listed[]> {
  const entries = await listFolder(folder.path);
  refuseLoosePictures(entries, folder.path, true);
  const listed = await listClasses(root, entries.filter((entry) => entry.folder));
  return listed.map((item) => ({ ...item, split: splitNamed(folder.name) }));
}

async function listClasses(root: string, folders: readonly Entry[]): Promise<Listed[]> {
  const listed: Listed[] = [];
  const within = [await realpath(root)];
  for (const folder of folders) {
    for await (const file of filesBelow(folder.path, within)) listed.push({ className: folder.name, file });
  }
  return listed;
}

function refuseLoosePictures(entries: readonly Entry[], path: string, hasFolders: boolean): void {
  const loose = entries.find(({ folder, name }) => !folder && namesImage(name));
  if (!loose) return;
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${loose.path} lies ${hasFolders ? 'beside the class folders' : `directly in ${path}`}, so its class is unknown.`,
    hint: 'Put every picture into the folder of its class, or list paths and labels in a CSV file.',
  });
}

function emptyTarget(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-empty',
    message: `${path} has no class folder with pictures in it.`,
    hint: 'Make one folder a class, such as cat/ and dog/, and put the pictures there.',
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
