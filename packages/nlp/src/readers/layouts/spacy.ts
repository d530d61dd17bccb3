import { holds, isFields, type RecordLayout } from './record-layout.ts';

/** A category is a text's where its value is at least this: spaCy's are 0 or 1, or probabilities. */
const HAS = 0.5;

/** spaCy's text categories: `cats` with a number for each, 1 where the text has it. */
export const spacyCategories: RecordLayout = {
  view(columns, first) {
    const numbers = (value: unknown) =>
      isFields(value) && Object.values(value).every((each) => ['number', 'boolean', 'bigint'].includes(typeof each));
    if (!holds(first, 'cats', numbers)) return undefined;
    return {
      layout: 'spaCy',
      columns,
      labels: ['cats'],
      rows: (record) => {
        const { cats } = record;
        if (!isFields(cats)) return [{ values: record }];
        const labels = Object.keys(cats).filter((name) => Number(cats[name]) >= HAS);
        return [{ values: { ...record, cats: labels } }];
      },
    };
  },
};
