import { cellText } from '@headstart/core/readers';
import { holds, type RecordLayout } from './record-layout.ts';

const ANSWERS: readonly unknown[] = ['accept', 'reject', 'ignore'];

/** Prodigy: a `label` or the list `accept`, and an `answer`: only what was accepted is learned from. */
export const prodigy: RecordLayout = {
  view(columns, first) {
    if (!holds(first, 'answer', (value) => ANSWERS.includes(value))) return undefined;
    const label = ['accept', 'label'].find((name) => columns.includes(name));
    if (label === undefined) return undefined;
    return {
      layout: 'Prodigy',
      columns: columns.filter((name) => name !== 'answer' && name !== 'options' && !name.startsWith('_')),
      labels: [label],
      rows: (record) => {
        const answer = cellText(record['answer']);
        const counts = answer === '' || answer === 'accept';
        return [{ values: record, leftOut: counts ? undefined : `answers "${answer}"` }];
      },
    };
  },
};
