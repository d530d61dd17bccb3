import { describe, expect, it } from 'vitest';
import { RowLayout } from './row-layout.ts';

describe('RowLayout', () => {
  const layout = new RowLayout({
    b: { shape: [2, 2], dtype: 'float32' },
    a: { shape: [3], dtype: 'int32' },
    c: { shape: [], dtype: 'float32' },
  });

  it('lays tensors out by name, whatever order they were given in', () => {
    expect(layout.fields.map(({ name, offset, size }) => [name, offset, size])).toEqual([
      ['a', 0, 3],
      ['b', 12, 4],
      ['c', 28, 1],
    ]);
    expect(layout.bytes).toBe(32);
  });

  it('packs batches into rows and unpacks rows into any place of a batch', () => {
    const tensors = {
      a: Int32Array.of(1, 2, 3, -4, -5, 2 ** 31 - 1),
      b: Float32Array.of(0.1, 0.2, 0.3, 0.4, -0, NaN, Infinity, 1e-40),
      c: Float32Array.of(7, 8),
    };
    const rows = layout.pack(tensors, 2);
    expect(rows).toHaveLength(64);
    expect([rows.readInt32LE(0), rows.readInt32LE(32), rows.readFloatLE(28), rows.readFloatLE(60)]).toEqual([
      1, -4, 7, 8,
    ]);
    const back = layout.allocate(3);
    layout.unpack(rows.subarray(0, 32), back, 2);
    layout.unpack(rows.subarray(32), back, 0);
    expect([...back.a!]).toEqual([-4, -5, 2 ** 31 - 1, 0, 0, 0, 1, 2, 3]);
    expect([...back.b!]).toEqual([...tensors.b.subarray(4), 0, 0, 0, 0, ...tensors.b.subarray(0, 4)]);
    expect([...back.c!]).toEqual([8, 0, 7]);
  });

  it('packs a part of a batch, from a view into a larger buffer', () => {
    const one = new RowLayout({ x: { shape: [2], dtype: 'float32' } });
    const rows = one.pack({ x: new Float32Array([9, 1, 2, 3, 4, 5, 6]).subarray(1) }, 2);
    expect([...new Float32Array(Uint8Array.from(rows).buffer)]).toEqual([1, 2, 3, 4]);
  });
});
