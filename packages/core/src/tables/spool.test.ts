import { describe, expect, it } from 'vitest';
import { Spool } from './spool.ts';

describe('Spool', () => {
  it('goes to disk only when its bytes exceed the limit', () => {
    const spool = new Spool('bytes', 100_000);
    for (let i = 0; i < 10; i++) expect(spool.write(Buffer.alloc(10_000, i))).toBe(10_000 * i);
    expect(spool.onDisk).toBe(false);
    spool.write(Buffer.from('x'));
    expect(spool.onDisk).toBe(true);
    spool.close();
    expect(spool.read(99_999, 2)).toEqual(Buffer.from([9, 'x'.charCodeAt(0)]));
    expect(() => spool.read(100_000, 2)).toThrow(expect.objectContaining({ code: 'sample-unreadable' }));
  });
});
