import { describe, expect, it } from 'vitest';
import { HeadstartError } from './headstart-error.ts';
import { nestedDeeper } from './nested.ts';
import { shown } from './shown.ts';

describe('shown', () => {
  it.each([
    [[1, 'a', null, { b: true }], '[1,"a",null,{"b":true}]'],
    ['\u001b[2J', '"\\u001b[2J"'],
    [undefined, 'undefined'],
    [NaN, 'NaN'],
    [12n, '12'],
  ])('writes %s as JSON has it', (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it('is short for what is long or deep', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(shown(deep)).toBe('[[[[…]]]]');
    expect(shown('x'.repeat(1e6))).toHaveLength(101);
    expect(shown(Array.from({ length: 1e6 }, (_, i) => i))).toBe('[0,1,2,3,4,5,6,7,8,9,10,11,…]');
    expect(shown({ a: { b: { c: { d: 1 } } } })).toBe('{"a":{"b":{"c":{…}}}}');
  });
});

describe('messages', () => {
  it('have their beginning and end where they are longer than anyone reads', () => {
    const { message } = new HeadstartError({ code: 'usage', message: `begin ${'x'.repeat(1e6)} end`, hint: '' });
    expect(message.length).toBeLessThan(3000);
    expect(message).toMatch(/^begin x+ … x+ end$/);
  });
});

describe('nestedDeeper', () => {
  it('counts levels, however many there are', () => {
    expect([0, 1, 2, 3].map((most) => nestedDeeper({ a: [{ b: 1 }] }, most))).toEqual([true, true, true, false]);
    let deep: unknown = 1;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(nestedDeeper(deep, 199_999)).toBe(true);
    expect(nestedDeeper(deep, 200_000)).toBe(false);
  });
});
