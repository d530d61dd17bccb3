import { expect, it } from 'vitest';
import { withoutPadding } from './without-padding.ts';

const spec = (length: number, below: number) => ({ shape: [length], dtype: 'int32', below }) as const;

it('leaves out the columns that are padding in every row', () => {
  const batch = {
    size: 1,
    rows: 2,
    inputs: {
      ids: Int32Array.of(5, 6, 0, 0, 7, 8, 9, 0),
      mask: Int32Array.of(1, 1, 0, 0, 1, 1, 1, 0),
      types: Int32Array.of(0, 1, 0, 0, 1, 0, 1, 0),
    },
    specs: { ids: spec(4, 10), mask: spec(4, 2), types: spec(4, 2) },
  };
  expect(withoutPadding(batch)).toEqual({
    size: 1,
    rows: 2,
    inputs: {
      ids: Int32Array.of(5, 6, 0, 7, 8, 9),
      mask: Int32Array.of(1, 1, 0, 1, 1, 1),
      types: Int32Array.of(0, 1, 0, 1, 0, 1),
    },
    specs: { ids: spec(3, 10), mask: spec(3, 2), types: spec(3, 2) },
  });
});

it('leaves a batch as it is whose longest row is full, or whose length nobody cut', () => {
  const full = { size: 1, inputs: { mask: Int32Array.of(1, 1) }, specs: { mask: spec(2, 2) } };
  expect(withoutPadding(full)).toBe(full);
  const uncut = { size: 1, inputs: { mask: Int32Array.of(1, 0) } };
  expect(withoutPadding(uncut)).toBe(uncut);
  // A text without a token keeps one column: a graph has no sequence of length zero.
  const empty = { size: 1, inputs: { mask: Int32Array.of(0, 0) }, specs: { mask: spec(2, 2) } };
  expect(withoutPadding(empty).inputs['mask']).toEqual(Int32Array.of(0));
});
