import type { DataWarning } from '../domains/reading-notes.ts';
import type { ClassFolderKind } from './class-folder-kind.ts';

import type { ClassFolderOptions } from './class-options.ts';
import { anyFile, type FolderTree } from './folder-tree.ts';
import type { PassedOverTally } from './passed-over.ts';

/** What the search for class folders goes by, and what it has to say. */
export interface LayoutSearch {
  readonly kind: ClassFolderKind;
  readonly options: ClassFolderOptions;
  readonly tally: PassedOverTally;
  readonly remarks: string[];
  readonly warnings: DataWarning[];
  /** Class folders without samples. */
  readonly empty: FolderTree[];
  /** Whether a folder has samples: files named as such, or any file where no file is. */
  readonly holds: (tree: FolderTree) => boolean;
}

/** A search in a tree. */
export function layoutSearch(root: FolderTree, known: Pick<LayoutSearch, 'kind' | 'options' | 'tally'>): LayoutSearch {
  const { names } = known.kind;
  const counts = anyFile(root, names) ? names : () => true;
  return { ...known, remarks: [], warnings: [], empty: [], holds: (tree) => anyFile(tree, counts) };
}

/** The only folder with samples in one that has no samples itself, where it holds folders with samples in turn. */
export function onlyFolder(tree: FolderTree, { kind, holds }: LayoutSearch): FolderTree | undefined {
  const [only, ...more] = tree.folders.filter(holds);
  if (!only || more.length > 0 || tree.files.some(kind.names) || only.files.some(kind.names)) return undefined;
  return only.folders.some(holds) ? only : undefined;
}

/** Counts the folders without samples beside those that are read. */
export function passOverBare(folders: readonly FolderTree[], { kind, tally, holds }: LayoutSearch): void {
  for (const tree of folders) if (!holds(tree)) tally.add(`folders without ${kind.many}`, tree.id);
}
