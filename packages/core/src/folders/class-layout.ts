import { classesIn, refuseLoose, type ClassGroup } from './class-groups.ts';
import { isEmpty, type FolderTree } from './folder-tree.ts';
import { onlyFolder, passOverBare, type LayoutSearch } from './layout-search.ts';
import { innerSplits, partlySplits, partsOf, splitsWithoutClasses, splitVerdict } from './split-layout.ts';
import { splitNamed } from './split-names.ts';
import { splitFolders } from './split-folders.ts';
import { withoutSharedName } from './shared-name.ts';

/**
 * The class folders in a tree: its folders, those in its splits, those with splits inside, or those of the only folder
 * within a folder. Folders without a sample are left out.
 * @throws HeadstartError `target-unreadable` where it cannot be told which folders are classes
 */
export function classLayout(root: FolderTree, search: LayoutSearch): ClassGroup[] {
  const { kind, options, holds } = search;
  const top = options.depth === undefined ? unwrapped(root, search) : root;
  if (!options.splits) return classesIn(top, search);
  const full = withoutSharedName(top.folders.filter(holds), holds);
  const parts = partsOf(full);
  switch (splitVerdict(parts, holds)) {
    case 'splits':
      refuseLoose(top, kind);
      passOverBare(top.folders, search);
      return splitFolders(top, full, search);
    case 'partly':
      throw partlySplits(top.path, parts, kind);
    case 'loose':
      throw splitsWithoutClasses(top.path, full, kind);
    case 'classes':
      return options.depth === undefined ? classesWithSplits(top, search) : classesIn(top, search);
  }
}

/** The folder that has the data: the only one with samples within the one given, however deep. */
function unwrapped(tree: FolderTree, search: LayoutSearch): FolderTree {
  const only = onlyFolder(tree, search);
  if (!only || (search.options.splits && splitNamed(only.name) !== undefined)) return tree;
  search.remarks.push(`The data are in ${only.id}, the only folder with ${search.kind.many}.`);
  passOverBare(tree.folders, search);
  return unwrapped(only, search);
}

/** Class folders, which may have the splits inside: `cat/train`, `cat/test`. */
function classesWithSplits(top: FolderTree, search: LayoutSearch): ClassGroup[] {
  const { kind, holds } = search;
  const full = top.folders.filter(holds);
  const inner = innerSplits(full, holds);
  if (inner === undefined) return classesIn(top, search);
  if (inner !== 'all') throw partlySplits(top.path, inner, kind);
  refuseLoose(top, kind);
  for (const folder of top.folders) if (isEmpty(folder)) search.empty.push(folder);
  search.remarks.push(`The splits are inside the class folders, as in ${full[0]!.folders.find(holds)!.id}.`);
  return full.flatMap(({ name: className, folders }) => {
    passOverBare(folders, search);
    return folders.filter(holds).map((tree) => ({ className, split: splitNamed(tree.name), tree }));
  });
}
