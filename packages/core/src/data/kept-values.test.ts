import { expect, it } from 'vitest';
import { KeptValues } from './kept-values.ts';

const sized = (limit: number) => new KeptValues<number>((value) => value, limit);

it('makes a value once, also while it is under way', async () => {
  let made = 0;
  const make = () => Promise.resolve(++made);
  const kept = sized(100);
  expect(await Promise.all([kept.get('a', make), kept.get('a', make)])).toEqual([1, 1]);
  expect(await kept.get('a', make)).toBe(1);
});

it('keeps what comes first and what still fits', async () => {
  const kept = sized(10);
  const made: string[] = [];
  const get = (key: string, size: number) =>
    kept.get(key, () => {
      made.push(key);
      return Promise.resolve(size);
    });
  for (let i = 0; i < 2; i++) {
    await get('a', 6);
    await get('b', 5); // 11 together
    await get('c', 4);
    await get('d', 1);
  }
  expect(made.join('')).toBe('abcdbd');
});

it('does not keep a failure, nor count it', async () => {
  const kept = sized(1);
  await expect(kept.get('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(await kept.get('a', () => Promise.resolve(1))).toBe(1);
  expect(await kept.get('a', () => Promise.resolve(2))).toBe(1);
});
