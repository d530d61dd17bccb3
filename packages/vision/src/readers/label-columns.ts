import { onesAndZeros, type TableLook } from '@headstart/core/readers';
import type { HeadstartError } from '@headstart/core';

/** Names of columns of classes, without case, spaces and underscores: those of one line are looked for before the next. */
const NAMES: readonly (readonly string[])[] = [
  'label class category target labels classes categories classname labelname categoryname',
  'breed species tag tags choice choices variety genre diagnosis emotion truth groundtruth y',
  'classid labelid categoryid targetid classindex labelindex',
].map((names) => names.split(' '));
/** What names of such columns end with: Finding Labels, image_label. */
const ENDING = /(?:labels?|class|category)$/;

const plain = (name: string) => name.toLowerCase().replace(/[\s_.-]+/g, '');

/**
 * The column of labels by its name; undefined where there is none.
 * @throws what `refused` makes where several have such a name
 */
export function namedLabel(
  header: readonly string[],
  free: readonly number[],
  refused: (what: string) => HeadstartError,
): number[] | undefined {
  const fits = [...NAMES.map((names) => (name: string) => names.includes(name)), (name: string) => ENDING.test(name)];
  for (const fit of fits) {
    const found = free.filter((index) => fit(plain(header[index]!)));
    if (found.length > 1)
      throw refused(`has several columns that may hold the label: ${found.map((index) => header[index]).join(', ')}`);
    if (found.length === 1) return found;
  }
  return undefined;
}

/**
 * The columns of labels by what they hold: all columns of ones and zeros, else the only one that is left, else the only one
 * whose values come back; none where that is not clear.
 */
export function guessedLabels(
  { table, columns }: TableLook,
  free: readonly number[],
  rows: readonly (readonly unknown[])[],
): readonly number[] {
  const flags = table.header === false ? [] : onesAndZeros(free, rows);
  if (flags.length > 1) return flags;
  const filled = free.filter((index) => !['empty', 'picture', 'url'].includes(columns[index]!.kind));
  if (filled.length === 1) return filled;
  const repeating = filled.filter((index) => {
    const values = new Set(rows.map((row) => String(row[index] as string)));
    const { kind } = columns[index]!;
    return (
      (kind === 'category' || kind === 'list' || kind === 'number') && values.size > 1 && values.size <= rows.length / 2
    );
  });
  return repeating.length === 1 ? repeating : [];
}
