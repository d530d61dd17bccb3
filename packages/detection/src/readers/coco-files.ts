import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { HeadstartError, type SplitName } from '@headstart/core';
import { isLeftover, listFolder } from '@headstart/core/readers';
import { splitOfName } from './split-of-name.ts';

/** A COCO file of a data set and the split that its name, or its folder's, gives it. */
export interface CocoFile {
  readonly path: string;
  readonly split?: SplitName;
}

/** Files of COCO's own packages that hold no boxes to learn, or the boxes of another task. */
const OTHER_TASKS = /^(captions|person_keypoints|image_info|stuff|panoptic)_/i;

const isCandidate = (name: string) => extname(name).toLowerCase() === '.json' && !OTHER_TASKS.test(name);

/**
 * The COCO files of a data set: the path itself, or the `.json` files in a folder, in its folder
 * `annotations`, and in its folders that are named for splits.
 * @throws HeadstartError `target-not-found`, `target-unreadable` where splits cannot be told apart
 */
export async function cocoFiles(path: string): Promise<CocoFile[]> {
  if (extname(path).toLowerCase() === '.json') return [{ path }];
  const files: CocoFile[] = [];
  for (const entry of await listFolder(path, isLeftover)) {
    const split = splitOfName(entry.name);
    if (!entry.folder) {
      if (isCandidate(entry.name)) files.push({ path: entry.path, split });
    } else if (split !== undefined || entry.name.toLowerCase() === 'annotations') {
      for (const inner of await listFolder(entry.path, isLeftover)) {
        if (!inner.folder && isCandidate(inner.name))
          files.push({ path: inner.path, split: split ?? splitOfName(inner.name) });
      }
    }
  }
  checkSplits(path, files);
  return files;
}

function checkSplits(root: string, files: readonly CocoFile[]): void {
  const nameless = files.find(({ split }) => split === undefined);
  if (files.length < 2 || !nameless) return;
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${root} has ${files.length} JSON files, and the name of ${relative(root, nameless.path)} does not name a split.`,
    hint: 'Name annotation files for their splits (train.json, val.json, test.json), or give the one to read.',
  });
}

/**
 * Where a file's pictures lie: the first of the usual places that has the first picture. Places by the
 * annotation file's folder D and its split S: D, D/images, D/data, and the same beside D, each also with
 * a folder named S or as the picture set in the file's name (`instances_train2017.json`: `train2017`).
 * @throws HeadstartError `sample-unreadable` naming the picture and where it was looked for
 */
export async function pictureFolder({ path, split }: CocoFile, first: string): Promise<string> {
  const folder = dirname(path);
  const stem = basename(path, extname(path));
  const names = [
    ...new Set([stem.split('_').at(-1)!, stem, ...(split ? [split, split === 'validation' ? 'val' : split] : [])]),
  ];
  const roots = [folder, dirname(folder)].flatMap((root) => [root, join(root, 'images'), join(root, 'data')]);
  const places = roots.flatMap((root) => [root, ...names.map((name) => join(root, name))]);
  for (const place of places) {
    if (
      await stat(join(place, first)).then(
        (found) => found.isFile(),
        () => false,
      )
    )
      return place;
  }
  throw new HeadstartError({
    code: 'sample-unreadable',
    message: `${path}: there is no picture ${first} in ${folder}, its folder images, or beside them.`,
    hint: 'Put the pictures where file_name says, counted from the folder of the annotations or its folder "images".',
  });
}
