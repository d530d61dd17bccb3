import { describe, expect, it } from 'vitest';
import { packColumn, unpackColumn } from './compact.ts';

describe('a packed column', () => {
  it.each([
    [[]],
    [[1, null, true, 2.5]],
    [['a', 'b', 'c', 'a', 'a', 'a', 'a']],
    [[[1, 2], [], [3]]],
    [[null, [1, 2]]],
    [[{ a: 1, b: 'x' }, { b: 'y' }, {}]],
    [[{ a: { b: [{ c: 1 }] } }, { a: { b: [] } }]],
    [[JSON.parse('{"__proto__": 1, "v": 2, "d": {}}'), { v: 3 }]],
    [[1, 'a', { v: [] }, [[]]]],
  ])('gives back %j', (values: unknown[]) => {
    const column = JSON.parse(JSON.stringify(packColumn(values))) as ReturnType<typeof packColumn>;
    expect(JSON.stringify(unpackColumn(column))).toBe(JSON.stringify(values));
  });

  it('stores what repeats once', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => ({ name: 'a long name that repeats', value: i }));
    expect(JSON.stringify(packColumn(rows)).length).toBeLessThan(JSON.stringify(rows).length / 5);
  });
});
