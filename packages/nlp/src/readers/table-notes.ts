import { tableNotes, type ReadingNotes, type TableNotes } from '@headstart/core/readers';
import type { TextSource } from './text-rows.ts';

/** How a table of texts was taken apart. */
export function textTableNotes({ table, columns }: TextSource): TableNotes {
  const { text, pair, label, score, weight, group, split, aside } = columns;
  const roles = new Map<number, string>();
  const note = (indices: readonly (number | undefined)[] | undefined, role: string) =>
    indices?.forEach((index) => index !== undefined && roles.set(index, role));
  note(aside, 'not read: a label or score');
  note(split?.indices, 'split');
  note([score], 'score');
  note([weight], 'weight');
  note([group], 'group');
  note(label?.indices, label?.role ?? '');
  note([pair], 'second text');
  note([text], 'text');
  return tableNotes(table, roles);
}

/** How tables were understood where that is not plain. */
export function tableRemarks(
  sources: readonly TextSource[],
  read: { readonly listsOfOne: boolean },
): ReadingNotes['remarks'] {
  const { layout } = sources[0]!.table;
  return [
    ...(layout === undefined ? [] : [`The records are those of ${layout}.`]),
    ...(sources.length > 1 ? [`The tables are ${sources.map(({ name }) => name).join(', ')}.`] : []),
    ...(read.listsOfOne
      ? ['Every list of labels has one: texts have one class each (labels-per-text=several takes them for lists).']
      : []),
  ];
}
