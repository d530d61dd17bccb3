import { agreed } from './answers.ts';
import { holds, isFields, objectsIn, type RecordLayout } from './record-layout.ts';

/** doccano before version 1.0: `annotations` with the number of a label and of its annotator. */
export const doccano: RecordLayout = {
  view(columns, first) {
    const labelled = (value: unknown) =>
      Array.isArray(value) && value.every((each) => isFields(each) && 'label' in each);
    if (columns.includes('data') || !holds(first, 'annotations', labelled)) return undefined;
    const spans = first.some((record) => objectsIn(record['annotations']).some((each) => 'start_offset' in each));
    if (spans) return undefined;
    return {
      layout: 'doccano',
      columns: [...columns.filter((name) => name !== 'annotations'), 'annotations'],
      labels: ['annotations'],
      rows: (record) => {
        const byUser = new Map<unknown, unknown[]>();
        for (const { user, label } of objectsIn(record['annotations']))
          byUser.set(user, [...(byUser.get(user) ?? []), label]);
        const found = agreed([...byUser.values()]);
        if ('unlabelled' in found) return [{ values: { ...record, annotations: undefined }, ...found }];
        return [{ values: { ...record, annotations: found.labels } }];
      },
    };
  },
};
