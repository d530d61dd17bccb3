import { describe, expect, it } from 'vitest';
import { npyBytes } from './npy.ts';

describe('npyBytes', () => {
  it('writes the bytes that the format demands', () => {
    const bytes = Buffer.from(npyBytes([2, 3], Float32Array.of(1, -2, 0.5, 0, 65504, 1e-3)));
    // 6 magic + 2 version + 2 length + header = a multiple of 64; the literal has 59 characters, and
    // 10 + 59 + 1 = 70 exceeds 64, so 128: 128 - 10 = 118 = 0x76 bytes of header, the last one a newline.
    const literal = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    expect(bytes.subarray(0, 10)).toEqual(Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x76, 0]));
    expect(bytes.subarray(10, 128).toString('latin1')).toBe(`${literal.padEnd(117)}\n`);
    // IEEE 754 single precision, little-endian: 1 = 3f800000, -2 = c0000000, 0.5 = 3f000000, 65504 = 477fe000, 0.001 = 3a83126f.
    expect(bytes.subarray(128).toString('hex')).toBe(
      '0000803f' + '000000c0' + '0000003f' + '00000000' + '00e07f47' + '6f12833a',
    );
  });

  it('keeps the header a multiple of 64 bytes for any shape', () => {
    for (const rows of [0, 9, 10, 99_999, 123_456_789]) {
      const bytes = Buffer.from(npyBytes([rows, 1280], new Float32Array(0)));
      expect(bytes.length % 64).toBe(0);
      expect(bytes.readUInt16LE(8)).toBe(bytes.length - 10);
      expect(bytes.at(-1)).toBe(0x0a);
    }
  });
});
