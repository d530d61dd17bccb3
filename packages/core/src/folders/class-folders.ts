import { realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { SplitName } from '../domains/target-domain.ts';
import { HeadstartError } from '@headstart/artifacts/errors';
import { splitNamed } from './split-names.ts';
import { byCodeUnit } from '../domains/by-code-unit.ts';
import { filesBelow, listFolder, type Entry, type PassOver } from './walk.ts';

/** What lies in the class folders of a layout. */
export interface ClassFolderKind {
  /** One of them and several, as messages say it: "picture", "pictures". */
  readonly one: string;
  readonly many: string;
  /** Whether a name ends like one of them. */
  readonly names: (name: string) => boolean;
  /** What is passed over wherever it lies. */
  readonly passOver: PassOver;
}

/** A file whose class is the name of its folder. */
export interface ClassFile {
  /** Its path within the data set, with forward slashes. */
  readonly id: string;
  readonly path: string;
  /** Index into the labels. */
  readonly label: number;
  readonly split?: SplitName;
}

/** How sure a reader of class folders is: `sure` where a folder inside `path` holds such a file, else 0. */
export async function detectClassFolders(
  path: string,
  { names, passOver }: ClassFolderKind,
  sure: number,
): Promise<number> {
  if (!(await isFolder(path))) return 0;
  for (const folder of (await listFolder(path, passOver)).filter((entry) => entry.folder)) {
    for await (const file of filesBelow(folder.path, passOver, [await realpath(path)])) {
      if (names(file.name)) return sure;
    }
  }
  return 0;
}

/**
 * A folder of class folders: `photos/cat/1.jpg` is of the class cat. Files may lie deeper inside their
 * class folder. Where all folders are named `train`, `validation` (or `val`, `valid`) and `test`, and train
 * is among them, they are the splits and the class folders lie inside. Files come in code-point order.
 * @throws HeadstartError `target-not-found`, `target-unreadable`, `target-empty`
 */
export async function listClassFolders(
  path: string,
  kind: ClassFolderKind,
): Promise<{ labels: string[]; files: ClassFile[] }> {
  const root = resolve(path);
  const top = await listFolder(root, kind.passOver);
  const folders = top.filter((entry) => entry.folder);
  refuseLoose(top, path, folders.length > 0, kind);
  const listed = isSplitLayout(folders)
    ? (await Promise.all(folders.map((folder) => listSplit(root, folder, kind)))).flat()
    : await listClasses(root, folders, kind);
  if (listed.length === 0) {
    throw new HeadstartError({
      code: 'target-empty',
      message: `${path} has no class folder with ${kind.many} in it.`,
      hint: `Make one folder per class, such as cat/ and dog/, and put the ${kind.many} there.`,
    });
  }
  const labels = [...new Set(listed.map(({ className }) => className))].sort(byCodeUnit);
  const number = new Map(labels.map((label, index) => [label, index]));
  const files = listed.map(({ className, file, split }) => ({
    id: relative(root, file.path).split(sep).join('/'),
    path: file.path,
    label: number.get(className)!,
    split,
  }));
  return { labels, files };
}

interface Listed {
  readonly className: string;
  readonly file: Entry;
  readonly split?: SplitName;
}

function isSplitLayout(folders: readonly Entry[]): boolean {
  const names = folders.map(({ name }) => splitNamed(name));
  return names.includes('train') && !names.includes(undefined);
}

async function listSplit(root: string, folder: Entry, kind: ClassFolderKind): Promise<Listed[]> {
  const entries = await listFolder(folder.path, kind.passOver);
  refuseLoose(entries, folder.path, true, kind);
  const listed = await listClasses(
    root,
    entries.filter((entry) => entry.folder),
    kind,
  );
  return listed.map((item) => ({ ...item, split: splitNamed(folder.name) }));
}

async function listClasses(root: string, folders: readonly Entry[], { passOver }: ClassFolderKind): Promise<Listed[]> {
  const listed: Listed[] = [];
  const within = [await realpath(root)];
  for (const folder of folders) {
    for await (const file of filesBelow(folder.path, passOver, within)) listed.push({ className: folder.name, file });
  }
  return listed;
}

function refuseLoose(
  entries: readonly Entry[],
  path: string,
  hasFolders: boolean,
  { one, names }: ClassFolderKind,
): void {
  const loose = entries.find(({ folder, name }) => !folder && names(name));
  if (!loose) return;
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${loose.path} lies ${hasFolders ? 'beside the class folders' : `directly in ${path}`}, so its class is unknown.`,
    hint: `Put every ${one} into the folder of its class, or list them with their labels in a CSV file.`,
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
