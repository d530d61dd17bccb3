import { HeadstartError } from '@headstart/artifacts/errors';

/** How class folders are to be read where their names leave that open. */
export interface ClassFolderOptions {
  /** How many folders deep the classes are; absent where that is not said. */
  readonly depth?: number;
  /** Names, or paths within the data, to leave aside. */
  readonly ignored: ReadonlySet<string>;
  /** Whether folders named for splits may be splits. */
  readonly splits: boolean;
}

/**
 * The reader options `class-depth=2`, `ignore=samples,raw/old` and `splits=no`.
 * @throws HeadstartError `invalid-option`
 */
export function classFolderOptions(options: Readonly<Record<string, string>>): ClassFolderOptions {
  const { 'class-depth': depth, ignore = '', splits = 'yes' } = options;
  if (depth !== undefined && !/^[1-9]$/.test(depth)) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `class-depth=${depth} is not a number of folders.`,
      hint: 'Give 1 where the folders in the data are the classes, 2 where those inside them are: class-depth=2.',
    });
  }
  if (splits !== 'yes' && splits !== 'no') {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `splits=${splits} is neither yes nor no.`,
      hint: 'Give splits=no where folders called train or test are classes.',
    });
  }
  const names = ignore.split(',').map((name) => name.trim().replace(/\/+$/, ''));
  return {
    depth: depth === undefined ? undefined : Number(depth),
    ignored: new Set(names.filter((name) => name !== '')),
    splits: splits === 'yes',
  };
}
