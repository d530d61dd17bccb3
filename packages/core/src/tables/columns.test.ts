import { expect, it } from 'vitest';
import { columnError } from './columns.ts';

it('lists columns to choose from where there are several, and says what is missing where there is one', () => {
  const several = columnError('t.csv has no column of labels', { columns: ['a', 'b'] }, 'label-column');
  expect(several.hint).toBe('Its columns are a, b; choose with the reader options label-column.');
  const one = columnError('t.csv has no column of labels', { columns: ['a'], format: 'csv' }, 'label-column');
  expect(one.hint).toContain('It has one column only, a: give a table with further columns');
  expect(one.hint).not.toContain('label-column');
  const keys = columnError('t.jsonl has no column of labels', { columns: ['a'] }, 'label-column');
  expect(keys.hint).toBe('Its columns are a; choose with the reader options label-column.');
});
