import { HeadstartError } from '@headstart/artifacts/errors';

const NEWLINE = 0x0a;
/** How many bytes are shown before and from a wrong one. */
export const CONTEXT = 4;

/** Where the last character begins whose bytes are not all there; the length where there is none. */
export function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}

/** The first byte that begins no well-formed character (Unicode 15, table 3-7). */
export function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    if (byte < (i === 1 ? low : 0x80) || byte > (i === 1 ? high : 0xbf)) return 0;
  }
  return length;
}

interface Wrong {
  /** What precedes the bytes. */
  readonly before: Buffer;
  readonly bytes: Buffer;
  /** Where the bytes begin in the file, and in which line. */
  readonly offset: number;
  readonly line: number;
}

/** What to do about bytes of another encoding. */
export const NOT_UTF8_HINT =
  'Convert it to UTF-8, for example: iconv -f WINDOWS-1252 -t UTF-8 file.csv > file-utf8.csv';

/** The error for bytes that are not UTF-8: where they are, and how to convert the file. */
export function notUtf8(path: string, { before, bytes, offset, line }: Wrong): HeadstartError {
  const at = firstInvalid(bytes);
  if (offset + at === 0 && bytes.length > 1 && [0xfffe, 0xfeff].includes(bytes.readUInt16BE())) return utf16(path);
  const left = Buffer.concat([before, bytes.subarray(Math.max(0, at - CONTEXT), at)]).subarray(-CONTEXT);
  const right = bytes.subarray(at, at + CONTEXT);
  const hex = [...Array.from(left, inHex), `[${inHex(right[0]!)}]`, ...Array.from(right.subarray(1), inHex)].join(' ');
  const latin = Buffer.concat([left, right])
    .toString('latin1')
    .replace(/[^\x20-\x7e\xa0-\xff]/g, '.');
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is not UTF-8: line ${line + count(bytes.subarray(0, at), NEWLINE)}, at byte ${offset + at}: ${hex} ("${latin}" in Latin-1).`,
    hint: NOT_UTF8_HINT,
  });
}

function inHex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function utf16(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is not UTF-8: its byte-order mark says UTF-16.`,
    hint: 'Convert it to UTF-8, for example: iconv -f UTF-16 -t UTF-8 file.csv > file-utf8.csv',
  });
}

export function binary(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is not text: it has zero bytes.`,
    hint: 'Give a text file in UTF-8; a UTF-16 file is converted with: iconv -f UTF-16LE -t UTF-8 file.csv > file-utf8.csv',
  });
}

/** How often a byte comes. */
export function count(bytes: Buffer, wanted: number): number {
  let found = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) found++;
  return found;
}
