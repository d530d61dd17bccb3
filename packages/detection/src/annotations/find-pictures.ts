import { dirname, relative, resolve, sep } from 'node:path';
import { HeadstartError, type SkippedSample } from '@headstart/core';
import { mapBounded, namesImage } from '@headstart/core/images';
import { fileFinder, splitNamed, type FileFinder } from '@headstart/core/readers';
import type { ListedPicture } from '../readers/read-pictures.ts';
import type { AnnotatedPicture, AnnotatedSet } from './annotated-set.ts';

/** A picture of a set whose file was found. */
export type FoundPicture = Omit<ListedPicture, 'objects'> & {
  /** Its place in the set. */
  readonly index: number;
};

/** Names that are looked up at once. */
const PARALLEL = 16;

/** Endings that a picture may have whose name is written without one. */
const ENDINGS = ['.jpg', '.jpeg', '.png', '.webp', '.bmp', '.tif', '.tiff'];

/**
 * Finds a set's pictures below `root`: in the folder of the annotation file that lists them, else in the folder that
 * holds it, and so on up to the root. Where no file says what split its pictures are of, the folders of the pictures do
 * if those of all of them name one.
 * @throws HeadstartError `sample-unreadable` for the first picture that is not there, unless `skipBad`
 */
export async function findPictures(
  set: AnnotatedSet,
  root: string,
  skipBad: boolean,
): Promise<{ found: FoundPicture[]; skipped: SkippedSample[] }> {
  const find = finderBelow(root);
  const results = await mapBounded(
    [...set.pictures.entries()],
    PARALLEL,
    async ([index, picture]): Promise<FoundPicture | SkippedSample> => {
      const { source, place, size, split } = picture;
      const path = await find.path(picture);
      if (path !== undefined)
        return { index, id: relative(root, path).split(sep).join('/'), path, split, ...(size && { size }) };
      const reason = `${source}${place === undefined ? '' : `: ${place}`}: ${await find.whyNot(picture)}`;
      if (skipBad) return { id: picture.file, reason };
      throw new HeadstartError({
        code: 'sample-unreadable',
        message: `${reason}.`,
        hint: 'Put the picture back, or remove it from the annotations; train and evaluate leave it out with --skip-bad.',
      });
    },
  );
  return {
    found: withSplitsOfFolders(results.filter((result): result is FoundPicture => !('reason' in result))),
    skipped: results.filter((result): result is SkippedSample => 'reason' in result),
  };
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
    whyNot: ({ file }: AnnotatedPicture) => finderOf(root).whyNot(file),
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
  return [file, ...otherwise].flatMap((name) =>
    namesImage(name) ? [name] : [name, ...ENDINGS.map((ending) => `${name}${ending}`)],
  );
}

function withSplitsOfFolders(found: FoundPicture[]): FoundPicture[] {
  if (found.some(({ split }) => split !== undefined)) return found;
  const splits = found.map(({ id }) => {
    const named = new Set(
      id
        .split('/')
        .slice(0, -1)
        .map(splitNamed)
        .filter((split) => split !== undefined),
    );
    return named.size === 1 ? [...named][0] : undefined;
  });
  if (!splits.includes('train') || splits.includes(undefined)) return found;
  return found.map((picture, i) => ({ ...picture, split: splits[i]! }));
}
