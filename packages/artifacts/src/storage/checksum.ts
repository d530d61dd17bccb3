import { crc32 } from 'node:zlib';

/** CRC-32 of bytes as eight hexadecimal digits: it differs for any damage of up to 32 bits in a row. */
export function checksum(bytes: Uint8Array | string, before = 0): string {
  return crc32(bytes, before).toString(16).padStart(8, '0');
}

/** The end of a sealed text, with zeros for the checksum. */
const END = ',\n  "crc32": "00000000"\n}\n';
const FROM = END.indexOf('0000');

/** A JSON object's text that ends in the checksum of what stands before it. */
export function sealed(text: string): string {
  const open = text.replace(/\n?\}\s*$/, '');
  return open + END.replace('00000000', checksum(open));
}

/** Whether a text is as `sealed` made it. One that ends otherwise was not made by it, and is taken as it is. */
export function isWhole(text: string): boolean {
  const end = text.slice(-END.length);
  const differing = [...END].filter((sign, i) => (i < FROM || i >= FROM + 8) && sign !== end[i]).length;
  if (differing > 0) return differing > 1; // one sign: a seal that was damaged itself
  return checksum(text.slice(0, -END.length)) === end.slice(FROM, FROM + 8);
}
