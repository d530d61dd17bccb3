import { classesIn, type ClassGroup } from './class-groups.ts';
import { countFiles, type FolderTree } from './folder-tree.ts';
import { onlyFolder, passOverBare, type LayoutSearch } from './layout-search.ts';
import { unlabelledTest } from './layout-warnings.ts';
import { splitsWithoutClasses } from './split-layout.ts';
import { splitNamed } from './split-names.ts';

/** Names of a folder of samples whose class is not known, as generators of batches and sites of contests want them. */
const NO_CLASS =
  /^(?:un(?:known|labell?ed|sup)|all|data|images?|imgs?|pictures?|photos?|jpe?gs?|pngs?|texts?|files?|0)$/i;

/**
 * The class folders of splits. A test split without classes is left aside; where only the train split remains, its
 * samples are assigned to none, so that they are dealt out.
 * @throws HeadstartError `target-unreadable` for another split without class folders
 */
export function splitFolders(top: FolderTree, folders: readonly FolderTree[], search: LayoutSearch): ClassGroup[] {
  const { kind, holds } = search;
  const inner = folders.map((folder) => classFoldersOf(folder, search));
  const learned = new Set(
    inner.flatMap((tree, i) => (splitOf(folders[i]!) === 'train' ? classesOf(tree, search) : [])),
  );
  const isUnlabelled = (tree: FolderTree, folder: FolderTree) =>
    splitOf(folder) === 'test' && learned.size > 0 && hasNoClasses(tree, learned, search);
  const aside = inner.filter((tree, i) => isUnlabelled(tree, folders[i]!));
  const isBare = (tree: FolderTree, folder: FolderTree) =>
    !tree.folders.some(holds) ||
    (splitOf(folder) !== 'train' && learned.size > 0 && hasNoClasses(tree, learned, search));
  const bare = folders.filter((folder, i) => !aside.includes(inner[i]!) && isBare(inner[i]!, folder));
  if (bare.length > 0) throw splitsWithoutClasses(top.path, bare, kind);
  const groups = inner.flatMap((tree, i) =>
    aside.includes(tree) ? [] : classesIn(tree, search, splitOf(folders[i]!)),
  );
  const trainOnly = groups.every(({ split }) => split === 'train');
  for (const tree of aside) leaveAside(tree, trainOnly, search);
  return aside.length > 0 && trainOnly ? groups.map(({ className, tree }) => ({ className, tree })) : groups;
}

const splitOf = ({ name }: FolderTree) => splitNamed(name);

function classesOf({ folders }: FolderTree, { holds }: LayoutSearch): string[] {
  return folders.filter(holds).map(({ name }) => name);
}

/** The name that a folder has on disk, where splits are told by what their names do not share. */
const ownName = ({ id }: FolderTree) => id.slice(id.lastIndexOf('/') + 1);

/** `train/train/cat`, `train/images/cat`: the classes are in the only folder in a split, named as it is or for no class. */
function classFoldersOf(folder: FolderTree, search: LayoutSearch): FolderTree {
  const only = onlyFolder(folder, search);
  if (!only) return folder;
  const same = splitOf(only) === splitOf(folder) || only.name === ownName(folder);
  if (!same && !NO_CLASS.test(only.name)) return folder;
  search.remarks.push(`The classes of ${folder.id} are in ${only.id}.`);
  passOverBare(folder.folders, search);
  return classFoldersOf(only, search);
}

/** Whether a test split has no class folders, or one that is none: `test/test`, `test/unknown`. */
function hasNoClasses(tree: FolderTree, learned: ReadonlySet<string>, search: LayoutSearch): boolean {
  const names = classesOf(tree, search);
  if (names.length === 0) return true;
  const nameless = (name: string) =>
    !learned.has(name) && (NO_CLASS.test(name) || splitNamed(name) !== undefined || name === ownName(tree));
  return !tree.files.some(search.kind.names) && names.every(nameless);
}

function leaveAside(tree: FolderTree, dealtOut: boolean, { kind, tally, warnings, holds }: LayoutSearch): void {
  const place = tree.folders.find(holds) ?? tree;
  const count = countFiles(tree);
  tally.add(`${kind.many} without a class`, place.id, count);
  warnings.push(unlabelledTest({ place, count, dealtOut }, kind));
}
