import { stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { endsWith, FileIndex, folded, isWithin, type IndexedFile } from './file-index.ts';

/** Finds files by the names that tables and annotations give them. */
export interface FileFinder {
  /** The path of the file that is meant; undefined where there is none, or where several could be. */
  find(written: string): Promise<string | undefined>;
  /** Why a name was not found, to follow a colon in a message: where it was looked for, or which files it could mean. */
  whyNot(written: string): Promise<string>;
}

/**
 * A finder of files below `roots`, which are asked in their order. A name is taken as it is written, counted from a
 * root, or as an absolute path that exists. Where there is no such file:
 *
 * - backslashes separate folders, `%20` and its like are decoded, an address (`file:`, `https:`, Label Studio's
 *   `/data/local-files/?d=`) is its path;
 * - case, and whether accents are composed (NFC, NFD), make no difference where one file only is meant;
 * - of a path of another machine, or one with `..`, the longest end whose folder exists below a root counts: the file
 *   is in that folder or deeper, or else nowhere. Where no such folder exists the name alone counts, if it is unique.
 *
 * Nothing outside the roots is found but by a whole path. Folders are walked once, when a name is first not where it says.
 */
export function fileFinder(roots: readonly string[]): FileFinder {
  const within = [...new Set(roots.map((root) => resolve(root)))];
  let index: Promise<FileIndex> | undefined;
  const search = async (written: string): Promise<readonly IndexedFile[]> => {
    index ??= FileIndex.of(within);
    const known = await index;
    for (const spelling of spellings(written)) {
      const meant = filesMeant(known, spelling, within);
      if (meant.length > 0) return meant;
    }
    return [];
  };
  return {
    async find(written) {
      for (const spelling of [written, ...spellings(written)]) {
        const path = await asWritten(spelling, within);
        if (path !== undefined) return path;
      }
      const meant = await search(written);
      return meant.length === 1 ? meant[0]!.path : undefined;
    },
    async whyNot(written) {
      const meant = await search(written);
      if (meant.length < 2) return `there is no file ${written} in ${within.join(' or ')}, nor deeper`;
      const first = meant.slice(0, 3).map(({ path }) => path);
      return `${written} could be any of ${meant.length} files: ${first.join(', ')}${meant.length > 3 ? ', …' : ''}`;
    },
  };
}

async function asWritten(written: string, roots: readonly string[]): Promise<string | undefined> {
  if (written === '') return undefined;
  if (isAbsolute(written) && (await isFile(written))) return resolve(written);
  for (const root of roots) {
    const path = join(root, written);
    if (roots.some((other) => isWithin(other, path)) && (await isFile(path))) return path;
  }
  return undefined;
}

/** What a name can be read as where it is no file's as it stands. */
function spellings(written: string): string[] {
  const plain = pathIn(written).replaceAll('\\', '/');
  return [...new Set([plain, decoded(plain)])];
}

/** The path in an address. */
function pathIn(written: string): string {
  const local = /[?&]d=([^&]+)/.exec(written);
  if (local) return local[1]!;
  const address = /^[a-z][a-z0-9+.-]+:\/\/([^?#]*)/i.exec(written);
  return address ? address[1]! : written;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // a percent sign that encodes nothing
  }
}

/** The files that a path with forward slashes can mean, narrowed to one where something singles it out. */
function filesMeant(index: FileIndex, path: string, roots: readonly string[]): readonly IndexedFile[] {
  const names = path.split('/').filter((name) => !['', '.', '..'].includes(name) && !/^[a-z]:$/i.test(name));
  const name = names.pop();
  if (name === undefined) return [];
  const known = names.findIndex((_, start) => index.hasFolder(names.slice(start).map(folded)));
  const folders = known < 0 ? [] : names.slice(known);
  const folder = folders.map(folded);
  const isIn = (file: readonly string[]) => endsWith(file, folder);
  const meant = index
    .filesNamed(name)
    .filter((file) => folder.length === 0 || file.folder.some((_, last) => isIn(file.folder.slice(0, last + 1))));
  const preferences: ((file: IndexedFile) => boolean)[] = [
    ...roots.map((root) => (file: IndexedFile) => folded(file.path) === folded(join(root, ...folders, name))),
    (file) => folder.length > 0 && isIn(file.folder),
    (file) => basename(file.path).normalize('NFC') === name.normalize('NFC'),
  ];
  return preferences.reduce((left, preferred) => {
    const better = left.length > 1 ? left.filter(preferred) : [];
    return better.length > 0 ? better : left;
  }, meant);
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
