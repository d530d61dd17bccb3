import { HeadstartError } from '@headstart/artifacts/errors';
import { NOT_UTF8_HINT } from './check-utf8.ts';
import type { TableFile } from './table-file.ts';
import { checkedUtf8 } from './utf8-file.ts';

/** The text of a table's file, in whatever encoding it is. */
export interface TableText {
  readonly path: string;
  /** Such as `utf-8`, `utf-16le`, `windows-1252`: the standard's name for it. */
  readonly encoding: string;
  /** The first characters, without a byte-order mark; wrong bytes are U+FFFD here. */
  readonly head: string;
  /** Whether `head` is all there is. */
  readonly whole: boolean;
  /** All of it as UTF-8, in pieces of whole characters. @throws HeadstartError `target-unreadable` */
  chunks(): AsyncGenerator<Buffer>;
}

/**
 * The text of a file: UTF-8 and UTF-16 are told by their byte-order marks, and UTF-16 without one by its zero bytes;
 * any other encoding is named by the option `encoding` (labels of the WHATWG's Encoding Standard).
 * @throws HeadstartError `invalid-option`, `target-unreadable`
 */
export function tableText(file: TableFile, asked: string | undefined): TableText {
  const encoding = asked === undefined ? seenEncoding(file) : decoder(asked, file.path).encoding;
  const head = decoder(encoding, file.path, { fatal: false }).decode(file.head, { stream: !file.whole });
  return {
    path: file.path,
    encoding,
    head,
    whole: file.whole,
    chunks: () => (encoding === 'utf-8' ? utf8(file) : decoded(file, encoding)),
  };
}

function seenEncoding({ head, path }: TableFile): string {
  const [a, b, c, d] = head;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) throw utf32(path);
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return utf16WithoutMark(head) ?? 'utf-8';
}

/** In UTF-16, every other byte of Latin letters, blanks and line breaks is zero. */
function utf16WithoutMark(head: Buffer): string | undefined {
  const looked = head.subarray(0, 4096);
  if (looked.length < 4) return undefined;
  const zeros = [0, 0];
  looked.forEach((byte, i) => byte === 0 && zeros[i % 2]!++);
  const half = looked.length / 2;
  if (zeros[1]! > 0.3 * half && zeros[0]! < 0.02 * half) return 'utf-16le';
  if (zeros[0]! > 0.3 * half && zeros[1]! < 0.02 * half) return 'utf-16be';
  return undefined;
}

async function* utf8(file: TableFile): AsyncGenerator<Buffer> {
  try {
    yield* markless(checkedUtf8(file.path, file.chunks()));
  } catch (cause) {
    if (!HeadstartError.is(cause) || cause.hint !== NOT_UTF8_HINT) throw cause;
    throw new HeadstartError({
      code: cause.code,
      message: cause.message,
      hint: `Say which encoding it is in, such as encoding=windows-1252 (Excel's in Western Europe). ${NOT_UTF8_HINT}`,
      cause,
    });
  }
}

async function* decoded(file: TableFile, encoding: string): AsyncGenerator<Buffer> {
  const stream = decoder(encoding, file.path);
  const decode = (chunk?: Buffer) => {
    try {
      return Buffer.from(chunk ? stream.decode(chunk, { stream: true }) : stream.decode());
    } catch (cause) {
      throw new HeadstartError({
        code: 'target-unreadable',
        message: `${file.path} is not ${encoding} throughout: it has bytes that mean nothing there.`,
        hint: 'Give its encoding with the option encoding, such as utf-8, utf-16le or windows-1252.',
        cause,
      });
    }
  };
  for await (const chunk of file.chunks()) yield decode(chunk);
  const last = decode();
  if (last.length > 0) yield last;
}

async function* markless(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of chunks) {
    const marked = first && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    first = false;
    yield marked ? chunk.subarray(3) : chunk;
  }
}

function decoder(label: string, path: string, options = { fatal: true }) {
  try {
    return new TextDecoder(label, options);
  } catch (cause) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The reader option encoding cannot be "${label}": there is no encoding of that name.`,
      hint: `Give the encoding of ${path}, such as utf-8, utf-16le, windows-1252 or shift_jis.`,
      cause,
    });
  }
}

function utf32(path: string): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is in UTF-32.`,
    hint: 'Convert it to UTF-8, for example: iconv -f UTF-32 -t UTF-8 file.csv > file-utf8.csv',
  });
}
