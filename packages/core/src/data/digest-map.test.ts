import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { DigestMap } from './digest-map.ts';

const digestOf = (i: number) => createHash('sha256').update(String(i)).digest('hex');

describe('DigestMap', () => {
  it('gives back what was put in, the first value of each digest, however many there are', () => {
    const map = new DigestMap();
    for (let i = 0; i < 5000; i++) expect(map.add(digestOf(i), 3 * i)).toBe(true);
    expect(map.add(digestOf(17), 0)).toBe(false);
    expect(map.size).toBe(5000);
    for (let i = 0; i < 5000; i++) expect(map.get(digestOf(i))).toBe(3 * i);
    expect(map.get(digestOf(5000))).toBeUndefined();
  });

  it('distinguishes digests that begin alike, and takes names that are not digests', () => {
    const map = new DigestMap();
    const alike = Array.from({ length: 300 }, (_, i) => `${'00'.repeat(30)}${i.toString(16).padStart(4, '0')}`);
    for (const name of [...alike, 'a', 'b', '']) expect(map.add(name, map.size)).toBe(true);
    expect([...alike, 'a', 'b', ''].map((name) => map.get(name))).toEqual(Array.from({ length: 303 }, (_, i) => i));
    expect(map.get('c')).toBeUndefined();
  });
});
