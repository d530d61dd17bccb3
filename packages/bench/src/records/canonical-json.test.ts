import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

it('writes the example of RFC 8785, section 3.2.2', () => {
  const value = {
    numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
    string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

it('orders keys by code units and leaves out what is undefined', () => {
  expect(canonicalJson({ '\u20ac': 1, '\r': 2, '1': 3, b: undefined, '\ud83d\ude02': 4, '\ufb33': 5 })).toBe(
    '{"\\r":2,"1":3,"€":1,"😂":4,"\ufb33":5}',
  );
});

it('refuses a number that JSON does not have, by its place', () => {
  expect(() => canonicalJson({ a: { b: [1, NaN] } })).toThrow(
    /^a\.b\[1\] is NaN, and a record holds finite numbers only/,
  );
});
