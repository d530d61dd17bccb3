import { realpath, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { HeadstartError } from '@headstart/artifacts/errors';
import { byCodeUnit } from '../domains/by-code-unit.ts';
import type { ReadingNotes } from '../domains/reading-notes.ts';
import type { SplitName } from '../domains/target-domain.ts';
import type { ClassFolderKind } from './class-folder-kind.ts';
import type { ClassGroup } from './class-groups.ts';
import { classLayout } from './class-layout.ts';
import { classFolderOptions } from './class-options.ts';
import { countFiles, readTree, type FolderTree } from './folder-tree.ts';
import { layoutSearch } from './layout-search.ts';
import { layoutWarnings } from './layout-warnings.ts';
import { oneSpelling } from './one-spelling.ts';
import { PassedOverTally } from './passed-over.ts';
import { filesBelow, listFolder } from './walk.ts';
import { withoutUnlabelled } from './unlabelled-folder.ts';

/** A file whose class is the name of its folder. */
export interface ClassFile {
  /** Its path within the data set, with forward slashes. */
  readonly id: string;
  readonly path: string;
  /** Index into the labels. */
  readonly label: number;
  readonly split?: SplitName;
}

/** Class folders as they were read. */
export interface ClassFolders {
  readonly labels: string[];
  readonly files: ClassFile[];
  readonly notes: ReadingNotes;
}

/** So many files without an ending are opened to see whether they are samples. */
const MOST_LOOKED = 20;
const ABOVE = 'files beside the class folders';

/** How sure a reader of class folders is: `sure` where a folder inside `path` holds such a file, else 0. */
export async function detectClassFolders(
  path: string,
  { names, passOver, begins }: ClassFolderKind,
  sure: number,
): Promise<number> {
  if (!(await isFolder(path))) return 0;
  let looked = 0;
  for (const folder of (await listFolder(path, passOver)).filter((entry) => entry.folder)) {
    for await (const file of filesBelow(folder.path, passOver, [await realpath(path)])) {
      if (names(file.name)) return sure;
      if (begins && extname(file.name) === '' && looked++ < MOST_LOOKED && (await begins(file.path))) return sure;
    }
  }
  return 0;
}

/**
 * A folder of class folders: `photos/cat/1.jpg` is of the class cat. Files may lie deeper inside their class folder. Where
 * all folders with samples are named for splits (`train`, `Testing`, `dev`, see `splitNamed`), they are the splits and the
 * class folders lie inside; splits may as well lie inside the class folders. Where one folder alone has samples, the data
 * are in it. Files come in code-point order.
 *
 * Passed over, and counted in the notes: what the kind passes over, pipes and devices, runs of ours, and files whose ending
 * is surely another kind's. Every other file in a class folder is listed, but those of a folder named for samples without a
 * class (`unsup`, `unlabeled`) beside two classes.
 * @param options of the reader: `class-depth=2` where the classes are the inner folders, `ignore=samples,raw` for what to
 * leave aside, `splits=no` where folders named for splits are classes
 * @throws HeadstartError `target-not-found`, `target-unreadable`, `target-empty`, `invalid-option`
 */
export async function listClassFolders(
  path: string,
  kind: ClassFolderKind,
  options: Readonly<Record<string, string>> = {},
): Promise<ClassFolders> {
  const tally = new PassedOverTally();
  const settings = classFolderOptions(options);
  const root = await readTree(resolve(path), { kind, ignored: settings.ignored, tally });
  const search = layoutSearch(root, { kind, options: settings, tally });
  const groups = classLayout(root, search);
  if (groups.length === 0) throw noClasses(path, root, kind);
  passOverAbove(root, groups, tally);
  const spelt = oneSpelling(groups);
  const labels = [...new Set(spelt.groups.map(({ className }) => className))].sort(byCodeUnit);
  const number = new Map(labels.map((label, index) => [label, index]));
  const files = spelt.groups.flatMap(({ className, split, tree }) => [
    ...filesOf(tree, { label: number.get(className)!, split }),
  ]);
  const warnings = layoutWarnings(groups, search, files.length);
  const remarks = [...search.remarks, ...spelt.remarks];
  const labelled = withoutUnlabelled(labels, files, kind);
  const notes = { remarks, passedOver: tally.list(), warnings: [...warnings, ...labelled.warnings] };
  return { labels: labelled.labels, files: labelled.files, notes };
}

/** Counts the files that lie in no class folder, in the folders above them. */
function passOverAbove(root: FolderTree, groups: readonly ClassGroup[], tally: PassedOverTally): void {
  const above = new Set(groups.flatMap(({ tree }) => idsAbove(tree.id)));
  const count = ({ id, files, folders }: FolderTree) => {
    if (!above.has(id)) return;
    for (const name of files) tally.add(ABOVE, id === '' ? name : `${id}/${name}`);
    folders.forEach(count);
  };
  count(root);
}

/** The ids of all folders that a folder lies in. */
function idsAbove(id: string): string[] {
  const parts = id.split('/');
  return parts.map((_, depth) => parts.slice(0, depth).join('/'));
}

/** The files in and below a folder, in code-point order of files and folders. */
function* filesOf(
  { id, path, files, folders }: FolderTree,
  truth: Pick<ClassFile, 'label' | 'split'>,
): Generator<ClassFile> {
  const inner = new Map(folders.map((folder) => [folder.name, folder]));
  for (const name of [...files, ...inner.keys()].sort(byCodeUnit)) {
    const folder = inner.get(name);
    if (folder) yield* filesOf(folder, truth);
    else yield { id: `${id}/${name}`, path: join(path, name), ...truth };
  }
}

function noClasses(path: string, root: FolderTree, { names, one, many }: ClassFolderKind): HeadstartError {
  const loose = root.files.find(names);
  const left = countFiles(root) > 0 && loose === undefined ? ` (${root.files.length} other files)` : '';
  return new HeadstartError({
    code: 'target-empty',
    message: `${path} has no class folder with ${many} in it${left}.`,
    hint: `Make one folder per class, such as cat/ and dog/, and put every ${one} there.`,
  });
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
