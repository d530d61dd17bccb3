import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import type { ClassFolderKind } from './class-folder-kind.ts';
import { isForeignFile } from './foreign-files.ts';
import { isOwnRun } from './own-runs.ts';
import type { PassedOverTally } from './passed-over.ts';
import { isLeftover } from './side-files.ts';
import { splitNamed } from './split-names.ts';
import { entering, folderEntries, kindOf } from './walk.ts';

/** A folder with what in it may be a sample, in code-point order; what is passed over is not in it. */
export interface FolderTree {
  readonly name: string;
  /** Its path within the data, with forward slashes; empty for the data's own folder. */
  readonly id: string;
  readonly path: string;
  /** Names of files. */
  readonly files: readonly string[];
  readonly folders: readonly FolderTree[];
}

/** What is counted as passed over. */
export const FOREIGN = 'files of other kinds';
const LEFTOVERS = 'hidden files, notices and what file managers and tools leave';
export const NOTES = 'notes and tables';
const SPLIT_LISTS = 'lists named for splits, which are not followed,';
const SPECIAL = 'pipes, sockets and devices';
const IGNORED = 'what the option "ignore" names';
const RUNS = 'runs and models of Headstart';
const ANNOTATIONS = 'folders of annotations';

interface Reading {
  readonly kind: ClassFolderKind;
  /** Names, or paths within the data, to leave aside. */
  readonly ignored: ReadonlySet<string>;
  readonly tally: PassedOverTally;
}

type Place = Pick<FolderTree, 'name' | 'id' | 'path'>;

/**
 * The folders and files below a folder, links followed.
 * @throws HeadstartError `target-not-found`, `target-unreadable`
 */
export async function readTree(path: string, reading: Reading): Promise<FolderTree> {
  const place = { name: '', id: '', path };
  return treeOf(place, await folderEntries(path), reading, await entering(path, []));
}

async function treeOf(
  place: Place,
  entries: readonly Dirent[],
  reading: Reading,
  within: readonly string[],
): Promise<FolderTree> {
  const files: string[] = [];
  const folders: FolderTree[] = [];
  const { kind, tally } = reading;
  const annotations = new Set(kind.annotations?.(entries.map(({ name }) => name)));
  for (const entry of entries) {
    const { name } = entry;
    const inner = { name, id: place.id === '' ? name : `${place.id}/${name}`, path: join(place.path, name) };
    const unwanted = whyAside(inner, reading);
    if (unwanted !== undefined) {
      tally.add(unwanted, inner.id);
      continue;
    }
    const what = await kindOf(place.path, entry);
    if (what === 'special') tally.add(SPECIAL, inner.id);
    else if (what === 'folder' && annotations.has(name)) tally.add(ANNOTATIONS, inner.id);
    else if (what === 'folder') {
      const tree = await folderOf(inner, reading, within);
      if (tree) folders.push(tree);
    } else if (!kind.names(name) && isForeignFile(name)) tally.add(FOREIGN, inner.id);
    else files.push(name);
  }
  return { ...place, files, folders };
}

/** Why a file or folder is left aside by its name. */
function whyAside({ name, id }: Place, { kind, ignored }: Reading): string | undefined {
  if (kind.passOver(name)) {
    if (isLeftover(name)) return LEFTOVERS;
    return splitNamed(name) === undefined ? NOTES : SPLIT_LISTS;
  }
  return ignored.has(name) || ignored.has(id) ? IGNORED : undefined;
}

/** A folder within; undefined for runs of ours, and a folder that holds only such. */
async function folderOf(place: Place, reading: Reading, within: readonly string[]): Promise<FolderTree | undefined> {
  const inside = await entering(place.path, within);
  const entries = await folderEntries(place.path);
  const names = entries.map(({ name }) => name);
  if (await isOwnRun(place.path, names)) {
    reading.tally.add(RUNS, place.id);
    return undefined;
  }
  const before = reading.tally.count(RUNS);
  const tree = await treeOf(place, entries, reading, inside);
  const runsOnly = reading.tally.count(RUNS) > before && tree.files.length === 0 && tree.folders.length === 0;
  return runsOnly ? undefined : tree;
}

/** How many files in and below a folder may be samples. */
export function countFiles({ files, folders }: FolderTree): number {
  return folders.reduce((sum, folder) => sum + countFiles(folder), files.length);
}

/** Whether no file in or below a folder may be a sample. */
export function isEmpty(tree: FolderTree): boolean {
  return !anyFile(tree, () => true);
}

/** Whether a file in or below a folder passes. */
export function anyFile({ files, folders }: FolderTree, passes: (name: string) => boolean): boolean {
  return files.some(passes) || folders.some((folder) => anyFile(folder, passes));
}
