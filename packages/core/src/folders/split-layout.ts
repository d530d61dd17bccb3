import { HeadstartError } from '@headstart/artifacts/errors';

import { counted, type ClassFolderKind } from './class-folder-kind.ts';
import { countFiles, type FolderTree } from './folder-tree.ts';
import { splitNamed } from './split-names.ts';

/** What of a folder's folders is named for splits, and what is not. */
export interface SplitParts {
  readonly splits: readonly FolderTree[];
  readonly others: readonly FolderTree[];
}

/** How a folder's folders are to be understood: all as splits, none as a split, or as what has to be refused. */
export type SplitVerdict = 'splits' | 'classes' | 'partly' | 'loose';

export function partsOf(folders: readonly FolderTree[]): SplitParts {
  return {
    splits: folders.filter(({ name }) => splitNamed(name) !== undefined),
    others: folders.filter(({ name }) => splitNamed(name) === undefined),
  };
}

/**
 * Whether folders with samples are splits. A `train` beside a `bus`, both without class folders, is a class; a `train`
 * with class folders beside `samples` is a split, and what `samples` is is unknown.
 * @param holds whether a folder has samples
 */
export function splitVerdict({ splits, others }: SplitParts, holds: (tree: FolderTree) => boolean): SplitVerdict {
  const inner = (tree: FolderTree) => tree.folders.filter(holds);
  const names = new Set(splits.map(({ name }) => splitNamed(name)));
  const withClasses = splits.filter((tree) => inner(tree).length > 0);
  if (splits.length === 0) return 'classes';
  if (others.length === 0) {
    if (withClasses.length > 0) return 'splits';
    return names.has('train') || names.size > 1 ? 'loose' : 'classes';
  }
  if (withClasses.length === 0) return names.has('train') && names.size > 1 ? 'partly' : 'classes';
  if (splits.length > 1) return 'partly';
  const within = new Set(inner(splits[0]!).map(({ name }) => name));
  const isOther = ({ name }: FolderTree) => !within.has(name) && splitNamed(name) === undefined;
  const nested = others.every((tree) => inner(tree).length > 0 && inner(tree).every(isOther));
  return nested ? 'classes' : 'partly';
}

/**
 * Whether the class folders have the splits inside: undefined where none has, else `all`, or those splits and what does
 * not go with them.
 */
export function innerSplits(
  classes: readonly FolderTree[],
  holds: (tree: FolderTree) => boolean,
): 'all' | SplitParts | undefined {
  const within = (tree: FolderTree) => partsOf(tree.folders.filter(holds));
  const first = classes.find((tree) => {
    const names = new Set(within(tree).splits.map(({ name }) => splitNamed(name)));
    return names.has('train') && names.size > 1;
  });
  if (!first) return undefined;
  const others = classes.flatMap((tree) => {
    const { splits, others } = within(tree);
    return splits.length === 0 || tree.files.length > 0 ? [tree] : others;
  });
  return others.length === 0 ? 'all' : { splits: within(first).splits, others };
}

/** The error for folders of which only some are named for splits. */
export function partlySplits(path: string, { splits, others }: SplitParts, kind: ClassFolderKind): HeadstartError {
  const found = others.map((tree) => `${tree.id} (${counted(countFiles(tree), kind)})`).join(', ');
  const names = others.map(({ id }) => id).join(',');
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path}: ${listed(splits)} ${splits.length === 1 ? 'is named for a split' : 'are named for splits'}, and beside them ${others.length === 1 ? 'lies' : 'lie'} ${found}.`,
    hint: `Move what belongs to no split away, or leave it out with the reader option ignore=${names}. Where all of these are classes: splits=no.`,
  });
}

/** The error for splits with samples directly inside. */
export function splitsWithoutClasses(
  path: string,
  splits: readonly FolderTree[],
  kind: ClassFolderKind,
): HeadstartError {
  const found = splits.map((tree) => `${tree.id} (${counted(countFiles(tree), kind)})`).join(', ');
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path}: ${found} ${splits.length === 1 ? 'is named for a split and has' : 'are named for splits and have'} no class folders inside, so the class of the ${kind.many} is unknown.`,
    hint: `Make one folder per class in each split, such as ${splits[0]!.id}/cat and ${splits[0]!.id}/dog, or list the ${kind.many} with their labels in a CSV file. Where these are the classes: the reader option splits=no.`,
  });
}

function listed(trees: readonly FolderTree[]): string {
  const ids = trees.map(({ id }) => id);
  return ids.length < 2 ? ids.join() : `${ids.slice(0, -1).join(', ')} and ${ids.at(-1)}`;
}
