import { canonicalLabel, splitNamed, type DataWarning } from '@headstart/core/readers';
import { basename, dirname } from 'node:path';
import type { RowPicture } from './row-pictures.ts';

const NAMED = 10;

/**
 * The warning for pictures that lie in the folder of one class and are listed with another: either the table or the folders
 * are wrong. A folder counts as a class's where the table has a class of its name, and
 * is that of no split.
 */
export function labelsAgainstFolders(
  pictures: readonly RowPicture[],
  labels: readonly string[],
): DataWarning | undefined {
  const classes = new Set(labels.map(canonicalLabel));
  const against = pictures.filter(({ path, contents, labels: own }) => {
    const name = basename(dirname(path));
    const folder = canonicalLabel(name);
    return (
      !contents &&
      splitNamed(name) === undefined &&
      classes.has(folder) &&
      !own.some((label) => canonicalLabel(label) === folder)
    );
  });
  const [first] = against;
  if (!first) return undefined;
  const many = against.length === 1 ? '1 picture lies' : `${against.length.toLocaleString('en-US')} pictures lie`;
  return {
    code: 'labels-against-folders',
    message: `${many} in the folder of one class and ${against.length === 1 ? 'is' : 'are'} listed with another: ${first.id} is listed as "${first.labels.join(', ')}".`,
    hint: 'The table is taken. If the folders are right, have them read: --reader image-folder; else move the pictures, or correct the table.',
    samples: against.slice(0, NAMED).map(({ id }) => id),
  };
}
