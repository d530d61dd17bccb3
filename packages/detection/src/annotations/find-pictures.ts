import type { SplitName } from '@headstart/core';
import { dirname, relative, resolve, sep } from 'node:path';
import { mapBounded, namesImage } from '@headstart/core/images';
import { fileFinder, splitNamed, type FileFinder } from '@headstart/core/readers';
import type { ListedPicture } from '../readers/read-pictures.ts';
import type { AnnotatedPicture, AnnotatedSet } from './annotated-set.ts';
import { brief } from './annotation-error.ts';

/** A picture of a set whose file was found. */
export type FoundPicture = Omit<ListedPicture, 'objects'> & {
  /** Its place in the set. */
  readonly index: number;
};

/** Names of files and paths are shorter; what is longer is not looked for. */
const LONGEST_NAME = 4096;

/** Names that are looked up at once. */
const PARALLEL = 16;

/** Endings that a picture may have whose name is written without one. */
const ENDINGS = ['.jpg', '.jpeg', '.png', '.webp', '.bmp', '.tif', '.tiff'];

/**
 * Finds a set's pictures below `root`: in the folder of the annotation file that lists them, else in the folder that
 * holds it, and so on up to the root. Where no file says what split its pictures are of, the folders of the pictures do
 * if those of all of them name one. Of a picture that is not there `missing` says where it was looked for.
 */
export async function findPictures(set: AnnotatedSet, root: string): Promise<FoundPicture[]> {
  const find = finderBelow(root);
  const found = await mapBounded(
    [...set.pictures.entries()],
    PARALLEL,
    async ([index, picture]): Promise<FoundPicture> => {
      const { size, split } = picture;
      const about = { index, split, ...(size && { size }) };
      const path = await find.path(picture);
      if (path !== undefined) return { ...about, id: relative(root, path).split(sep).join('/'), path };
      const name = brief(picture.file);
      return { ...about, id: name, path: name, missing: `${placeOf(picture)}: ${await find.whyNot(picture)}` };
    },
  );
  return withSplits(found);
}

/** Where a picture is listed, for messages. */
function placeOf({ source, place }: AnnotatedPicture): string {
  return place === undefined ? source : `${source}: ${place}`;
}

function finderBelow(root: string) {
  const finders = new Map<string, FileFinder>();
  const finderOf = (scope: string) => {
    const finder = finders.get(scope) ?? fileFinder([scope]);
    finders.set(scope, finder);
    return finder;
  };
  return {
    async path(picture: AnnotatedPicture): Promise<string | undefined> {
      for (const written of namesOf(picture)) {
        for (const scope of scopesOf(picture.source, root)) {
          const path = await finderOf(scope).find(written);
          if (path !== undefined) return path;
        }
      }
      return undefined;
    },
    async whyNot({ file, embedded }: AnnotatedPicture): Promise<string> {
      if (file.length > LONGEST_NAME) return `the name of the picture has ${file.length} characters`;
      const why = await finderOf(root).whyNot(file);
      return embedded ? `${why}; the picture within the annotation file is not read, save it as a file` : why;
    },
  };
}

/** The folders from an annotation file's own up to the root. */
function scopesOf(source: string, root: string): string[] {
  const scopes = [];
  for (let folder = resolve(dirname(source)); folder.length > root.length; folder = dirname(folder))
    if (folder.startsWith(root)) scopes.push(folder);
    else return [folder, root];
  return [...scopes, root];
}

function namesOf({ file, otherwise = [] }: AnnotatedPicture): string[] {
  const names = [file, ...otherwise].filter((name) => name.length <= LONGEST_NAME);
  return names.flatMap((name) => (namesImage(name) ? [name] : [name, ...ENDINGS.map((ending) => `${name}${ending}`)]));
}

/** Their splits, or those of their folders; none where all are of the train split: such a set has yet to be divided. */
function withSplits(found: FoundPicture[]): FoundPicture[] {
  const written = found.map(({ split }) => split);
  const folders = found.map(({ id }) => splitOfFolders(id));
  const splits = written.some((split) => split !== undefined) ? written : folders.includes(undefined) ? [] : folders;
  const divided = splits.some((split) => split !== 'train');
  return found.map((picture, i) => ({ ...picture, split: divided ? splits[i] : undefined }));
}

function splitOfFolders(id: string): SplitName | undefined {
  const folders = id.split('/').slice(0, -1);
  const named = new Set(folders.map(splitNamed).filter((split) => split !== undefined));
  return named.size === 1 ? [...named][0] : undefined;
}
