import { expect, it } from 'vitest';
import { jsonText, numberOfName } from './json-numbers.ts';

it('writes numbers that JSON does not have by name, and reads them back', () => {
  const text = jsonText({ a: [NaN, -Infinity, Infinity, 0.5, null], b: 'NaN' });
  expect(text).toBe('{"a":["NaN","-Infinity","Infinity",0.5,null],"b":"NaN"}');
  const { a } = JSON.parse(text) as { a: unknown[] };
  expect(a.map(numberOfName)).toEqual([NaN, -Infinity, Infinity, 0.5, null]);
  expect(numberOfName('nan')).toBe('nan');
});
