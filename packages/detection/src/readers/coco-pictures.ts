import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { mapBounded } from '@headstart/core/images';
import { fileFinder } from '@headstart/core/readers';
import type { CocoDocument } from './coco-document.ts';
import { cocoRoots, type CocoFile } from './coco-files.ts';
import type { ListedPicture } from './read-pictures.ts';

/** Where a picture is, or why it is not found. */
export type FoundPicture = Pick<ListedPicture, 'id' | 'path' | 'missing'>;

/** So many pictures are looked for to tell which folder they lie in. */
const LOOK = 20;
/** Files looked for at once. */
const PARALLEL = 64;

/**
 * The files of a document's pictures, in its order. They lie in the first of the usual places that has one of the first
 * pictures; those that do not, or all where no place has one, are looked for everywhere, see `fileFinder`. A file
 * that is named for a split keeps to its place: a picture of the same name elsewhere may be another split's.
 */
export async function findPictures(root: string, file: CocoFile, document: CocoDocument): Promise<FoundPicture[]> {
  const names = document.images.map((image) => image.file);
  const place = await pictureFolder(file, names.slice(0, LOOK));
  const near = place === undefined ? undefined : fileFinder([place]);
  const far = near && file.split ? undefined : fileFinder(cocoRoots(root, file));
  return mapBounded(document.images, PARALLEL, async ({ id, file: name }) => {
    const path =
      (place !== undefined && (await above(place, name, cocoRoots(root, file)))) ||
      (await near?.find(name)) ||
      (await far?.find(name));
    if (path) return { id: relative(root, path).split(sep).join('/'), path };
    const why = await (far ?? near)!.whyNot(name);
    return { id: name, path: name, missing: `${document.path}: image ${id} has no picture: ${why}` };
  });
}

/**
 * The first of the usual places that has one of these pictures. Places by the annotation file's folder D and its split S:
 * D, D/images, D/data, and the same beside D, each also with a folder named S or as the picture set in the file's
 * name (`instances_train2017.json`: `train2017`).
 */
async function pictureFolder({ path, split }: CocoFile, pictures: readonly string[]): Promise<string | undefined> {
  const folder = dirname(path);
  const stem = basename(path, extname(path));
  const names = [
    ...new Set([stem.split('_').at(-1)!, stem, ...(split ? [split, split === 'validation' ? 'val' : split] : [])]),
  ];
  const roots = [folder, dirname(folder)].flatMap((root) => [root, join(root, 'images'), join(root, 'data')]);
  const places = roots.flatMap((root) => [root, ...names.map((name) => join(root, name))]);
  for (const picture of pictures) {
    for (const place of places) {
      if (await isFile(join(place, picture))) return place;
    }
  }
  return undefined;
}

/**
 * A picture that is written as lying above its place, where it does: within the set, or in a folder beside it, as where one
 * export's annotations name another's pictures. No name leads farther out.
 */
async function above(place: string, name: string, roots: readonly string[]): Promise<string | undefined> {
  const path = join(place, name);
  const within = roots.some((root) => {
    const [first, second, third] = relative(resolve(root), resolve(path)).split(sep);
    return first !== '..' || (second !== '..' && third !== undefined);
  });
  return name.startsWith('..') && within && (await isFile(path)) ? path : undefined;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
