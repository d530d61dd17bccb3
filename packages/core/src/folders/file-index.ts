import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, sep } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import { isLeftover } from './side-files.ts';
import { listFolder } from './walk.ts';

/** A name as it is compared: without regard to case, and to how accents are composed. */
export function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** A file below one of the roots. */
export interface IndexedFile {
  readonly path: string;
  /** Its folder from the root it was met under, names folded; empty in the root itself. */
  readonly folder: readonly string[];
}

/** So many files are looked through: more are a disk, not a data set. */
const MOST_FILES = 2_000_000;

/** The files below some folders by their folded names, and the folders. What cannot be listed is passed over. */
export class FileIndex {
  readonly #files = new Map<string, IndexedFile[]>();
  readonly #folders = new Map<string, string[][]>();
  readonly #walked = new Set<string>();
  #count = 0;

  /** @throws HeadstartError `target-unreadable` where there are too many files to look through */
  static async of(roots: readonly string[]): Promise<FileIndex> {
    const index = new FileIndex();
    // The widest first: a root inside another is walked with it.
    for (const root of [...roots].sort((a, b) => a.length - b.length)) await index.#walk(root, root, []);
    return index;
  }

  /** Files of a name, whatever its case. */
  filesNamed(name: string): readonly IndexedFile[] {
    return this.#files.get(folded(name)) ?? [];
  }

  /** Whether some folder's path ends so; names are folded. */
  hasFolder(ending: readonly string[]): boolean {
    return (this.#folders.get(ending.at(-1)!) ?? []).some((folder) => endsWith(folder, ending));
  }

  async #walk(root: string, path: string, folder: string[]): Promise<void> {
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || this.#walked.has(real)) return;
    this.#walked.add(real);
    for (const entry of await listFolder(path, isLeftover).catch(() => [])) {
      const name = folded(entry.name);
      if (entry.folder) {
        const inner = [...folder, name];
        append(this.#folders, name, inner);
        await this.#walk(root, entry.path, inner);
      } else {
        append(this.#files, name, { path: entry.path, folder });
        if (++this.#count > MOST_FILES) throw tooMany(root);
      }
    }
  }
}

/** Whether a path's names end with others. */
export function endsWith(path: readonly string[], ending: readonly string[]): boolean {
  return path.length >= ending.length && ending.every((name, i) => path[path.length - ending.length + i] === name);
}

/** Whether a path lies below a folder, or is it. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way); // absolute: on another drive
}

function append<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

function tooMany(root: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `There are more than ${MOST_FILES.toLocaleString('en')} files below ${root}, too many to look for a file by its name.`,
    hint: 'Give the folder of the data set alone, or write paths that count from it.',
  });
}
