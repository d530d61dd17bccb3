import { HeadstartError } from '@headstart/core';
import type { PictureSource, RowPicture } from './row-pictures.ts';

/** Names of columns that speak of several labels. */
const PLURAL = /^(?:tags?|.*labels|classes|categories|keywords|attributes)$/i;

/**
 * Refuses classes that may as well be several labels with blanks between them: in a column that is called tags or labels,
 * where the same words come back in different cells (`cat indoor`, `dog indoor`).
 * @throws HeadstartError `label-invalid`
 */
export function checkLabelWords(pictures: readonly RowPicture[], sources: readonly PictureSource[]): void {
  const { columns, table } = sources[0]!;
  const column = table.columns[columns.label.indices[0]!]!;
  if (!PLURAL.test(column)) return;
  const classes = [...new Set(pictures.flatMap(({ labels }) => labels))];
  const counts = new Map<string, number>();
  for (const name of classes)
    for (const word of new Set(name.split(/\s+/))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const joined = classes.filter((name) => /\s/.test(name));
  const commonest = Math.max(...counts.values());
  if (joined.length === 0 || (counts.size >= classes.length && commonest < Math.max(2, classes.length / 2))) return;
  throw new HeadstartError({
    code: 'label-invalid',
    message: `The column "${column}" has cells such as "${joined[0]!}": several labels with blanks between them, or names of classes.`,
    hint: 'Say that they are several labels with --reader-option label-separator=" ", or that each cell is the name of one class with labels-per-picture=one.',
  });
}
