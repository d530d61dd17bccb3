import type { FolderTree } from './folder-tree.ts';
import { splitNamed } from './split-names.ts';

/**
 * Folders that are named for the data set and a split each, `20news-bydate-train` and `20news-bydate-test`, or `train_images`
 * and `test_images`, by the splits' names; all others as they are. Folders without folders inside keep their names: `crash-test` may be a class.
 * @param holds whether a folder has samples
 */
export function withoutSharedName(
  folders: readonly FolderTree[],
  holds: (tree: FolderTree) => boolean,
): readonly FolderTree[] {
  const names = folders.map(({ name }) => name);
  const before = sharedWords(names);
  const after = before > 0 ? 0 : sharedWords(names.map(reversed));
  const rest = names.map((name) => name.slice(before, name.length - after));
  const splits = new Set(rest.map(splitNamed));
  const areSplits = splits.size > 1 && splits.has('train') && !splits.has(undefined);
  if (before + after === 0 || !areSplits || !folders.every((tree) => tree.folders.some(holds))) return folders;
  return folders.map((tree, i) => ({ ...tree, name: rest[i]! }));
}

/** How many characters names begin with alike, up to a mark between words. */
function sharedWords([first = '', ...others]: readonly string[]): number {
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length++;
  return first.slice(0, length).replace(/[^-_. ]*$/, '').length;
}

function reversed(name: string): string {
  return [...name].reverse().join('');
}
