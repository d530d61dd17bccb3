import type { DataWarning } from '../domains/reading-notes.ts';
import { counted, type ClassFolderKind } from './class-folder-kind.ts';
import type { ClassGroup } from './class-groups.ts';
import { FOREIGN, type FolderTree } from './folder-tree.ts';
import type { LayoutSearch } from './layout-search.ts';

const NAMED = 5;
const SAMPLES = 10;

/** From one file of another kind in so many samples on, something else may be meant than samples with leftovers. */
const FOREIGN_SHARE = 10;

/** What looks wrong in class folders that were read. */
export function layoutWarnings(
  groups: readonly ClassGroup[],
  { kind: { many }, options, tally, holds, empty, warnings }: LayoutSearch,
  samples: number,
): DataWarning[] {
  const trees = groups.map(({ tree }) => tree);
  const inner = trees.flatMap(({ folders }) => folders.filter(holds));
  const folded = trees.length > 1 && trees.every(({ files }) => files.length === 0) && inner.length > trees.length;
  const nested = folded && options.depth === undefined;
  const deeper = folded || options.depth !== undefined ? [] : trees.filter((tree) => isUpper(tree, holds));
  const foreign = tally.of(FOREIGN);
  const mixed = foreign !== undefined && foreign.count * FOREIGN_SHARE >= samples;
  return [
    ...warnings,
    ...(empty.length > 0 ? [emptyFolders(empty, many)] : []),
    ...(nested ? [nestedFolders(trees.length, inner, many)] : []),
    ...(deeper.length > 0 ? [deeperFolders(deeper, many)] : []),
    ...(mixed ? [foreignFiles(foreign, many)] : []),
  ];
}

/** Class folders without a sample: their classes are not learned, which nobody would notice otherwise. */
function emptyFolders(empty: readonly FolderTree[], many: string): DataWarning {
  const one = empty.length === 1;
  return {
    code: 'empty-class-folder',
    message: `The class ${one ? 'folder' : 'folders'} ${someOf(empty)} ${one ? 'has' : 'have'} no ${many}: no class is learned from ${one ? 'it' : 'them'}.`,
    hint: `Put ${many} there, or remove the folder. If it is no class, leave it aside: reader option ignore=${empty
      .slice(0, NAMED)
      .map(({ id }) => id)
      .join(',')}.`,
    samples: idsOf(empty),
  };
}

/** Class folders that hold folders only: their classes may lie one folder deeper. */
function nestedFolders(outer: number, inner: readonly FolderTree[], many: string): DataWarning {
  return {
    code: 'nested-class-folders',
    message: `The ${outer} class folders hold nothing but ${inner.length} folders with ${many} (${someOf(inner)}): the outer folders are taken for the classes.`,
    hint: 'If the inner folders are the classes: reader option class-depth=2. If not, class-depth=1 says so.',
    samples: idsOf(inner),
  };
}

/** Whether a class folder holds nothing but several folders with samples. */
function isUpper({ files, folders }: FolderTree, holds: LayoutSearch['holds']): boolean {
  return files.length === 0 && folders.filter(holds).length > 1;
}

/** Some class folders that hold folders only, beside others with samples: the data may be in them, or be there twice. */
function deeperFolders(deeper: readonly FolderTree[], many: string): DataWarning {
  const [first] = deeper;
  return {
    code: 'nested-class-folders',
    message: `The class ${deeper.length === 1 ? 'folder' : 'folders'} ${someOf(deeper)} ${deeper.length === 1 ? 'holds' : 'hold'} nothing but folders with ${many} (${someOf(deeper.flatMap(({ folders }) => folders))}), while others hold ${many}: each is taken for one class.`,
    hint: `If the classes are in there, give ${first!.id} as the target; if it is a copy or no class, leave it aside: reader option ignore=${first!.id}. If all are classes, class-depth=1 says so.`,
    samples: idsOf(deeper),
  };
}

/**
 * A test split whose samples bear no class.
 * @param dealtOut whether the others are dealt out to splits anew, as no other split than train is left
 */
export function unlabelledTest(
  { place, count, dealtOut }: { readonly place: FolderTree; readonly count: number; readonly dealtOut: boolean },
  kind: ClassFolderKind,
): DataWarning {
  const [are, them] = count === 1 ? ['is', 'it'] : ['are', 'them'];
  const others = dealtOut ? `; the ${kind.many} of the train split are dealt out to train, validation and test` : '';
  return {
    code: 'unlabelled-test',
    message: `The ${counted(count, kind)} in ${place.id} ${are} in no class folder and ${are} left aside${others}.`,
    hint: `Put ${them} into class folders to have the model measured on ${them}. To leave ${them} aside and train on all others: reader option ignore=${place.id.split('/')[0]}.`,
    samples: [place.id],
  };
}

/** So many files of other kinds among the samples that something else may be meant. */
function foreignFiles(
  { count, examples }: { readonly count: number; readonly examples: readonly string[] },
  many: string,
): DataWarning {
  return {
    code: 'foreign-files',
    message: `${count} files among the ${many} are of other kinds (${examples.join(', ')}) and are passed over.`,
    hint: `If they belong to the data, export them as ${many}; if not, move them away.`,
    samples: examples,
  };
}

function someOf(trees: readonly FolderTree[]): string {
  const ids = trees.slice(0, NAMED).map(({ id }) => id);
  return `${ids.join(', ')}${trees.length > NAMED ? ', …' : ''}`;
}

function idsOf(trees: readonly FolderTree[]): string[] {
  return trees.slice(0, SAMPLES).map(({ id }) => id);
}
