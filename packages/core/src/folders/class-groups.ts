import { HeadstartError } from '@headstart/artifacts/errors';
import type { SplitName } from '../domains/target-domain.ts';
import type { ClassFolderKind } from './class-folder-kind.ts';
import { isEmpty, type FolderTree } from './folder-tree.ts';
import type { LayoutSearch } from './layout-search.ts';

/** A folder whose files are of one class. */
export interface ClassGroup {
  readonly className: string;
  readonly split?: SplitName;
  readonly tree: FolderTree;
}

/** The class folders in a folder, which may be a split's; those without a sample are kept apart, to be named. */
export function classesIn(
  parent: FolderTree,
  { kind, options: { depth = 1 }, empty }: LayoutSearch,
  split?: SplitName,
): ClassGroup[] {
  const groups = classGroups(parent, { kind, depth, split });
  for (const { tree } of groups) if (isEmpty(tree)) empty.push(tree);
  return groups.filter(({ tree }) => !isEmpty(tree));
}

/**
 * The class folders in a folder, `depth` folders deep: their class is their name, or their path from there.
 * Folders without a file that may be a sample are among them.
 * @throws HeadstartError `target-unreadable` for a file above them
 */
function classGroups(
  parent: FolderTree,
  { kind, depth, split }: { kind: ClassFolderKind; depth: number; split?: SplitName },
): ClassGroup[] {
  refuseLoose(parent, kind);
  return parent.folders.flatMap((tree) => {
    if (depth === 1) return [{ className: tree.name, split, tree }];
    const inner = classGroups(tree, { kind, depth: depth - 1, split });
    return inner.map((group) => ({ ...group, className: `${tree.name}/${group.className}` }));
  });
}

/** @throws HeadstartError `target-unreadable` for a file whose name is a sample's and that lies in no class folder */
export function refuseLoose({ path, files, folders }: FolderTree, { one, names }: ClassFolderKind): void {
  const loose = files.find(names);
  if (loose === undefined) return;
  const aside = folders.length > 0 ? ` If it is none of the data, leave it aside: reader option ignore=${loose}.` : '';
  throw new HeadstartError({
    code: 'target-unreadable',
    message: `${path}/${loose} lies ${folders.length > 0 ? 'beside the class folders' : `directly in ${path}`}, so its class is unknown.`,
    hint: `Put every ${one} into the folder of its class, or list them with their labels in a CSV file.${aside}`,
  });
}
