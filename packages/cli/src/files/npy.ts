/**
 * A matrix in NumPy's file format, version 1.0: magic string, version, header length as little-endian
 * 16 bit, a Python literal padded with blanks to a multiple of 64 bytes in all, then the values
 * row-major in little-endian float32 (numpy.lib.format, "Format Version 1.0").
 */
export function npyBytes([rows, columns]: readonly [number, number], values: Float32Array): Uint8Array {
  const literal = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const preamble = 10;
  const blanks = (64 - ((preamble + literal.length + 1) % 64)) % 64;
  const header = `${literal}${' '.repeat(blanks)}\n`;
  const bytes = Buffer.alloc(preamble + header.length + 4 * values.length);
  bytes.write('\x93NUMPY\x01\x00', 'latin1');
  bytes.writeUInt16LE(header.length, 8);
  bytes.write(header, preamble, 'latin1');
  values.forEach((value, i) => bytes.writeFloatLE(value, preamble + header.length + 4 * i));
  return bytes;
}
