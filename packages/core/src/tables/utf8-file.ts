import { isUtf8 } from 'node:buffer';
import { HeadstartError } from '@headstart/artifacts/errors';
import { binary, CONTEXT, count, notUtf8, wholeCharacters } from './check-utf8.ts';
import { fileChunks } from './table-file.ts';

const NEWLINE = 0x0a;

/**
 * A text file's bytes in pieces, each of whole characters and checked to be UTF-8.
 * @throws HeadstartError `target-not-found`; `target-unreadable`, with offset, line and bytes where they are not UTF-8
 */
export function utf8Chunks(path: string): AsyncGenerator<Buffer> {
  return checkedUtf8(path, fileChunks(path));
}

/** The same for bytes that come from elsewhere; `path` is named in errors. */
export async function* checkedUtf8(path: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  let before: Buffer = rest;
  let offset = 0;
  let line = 1;
  const check = (bytes: Buffer, end: number) => {
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) throw notUtf8(path, { before, bytes, offset, line });
    if (offset === 0 && whole.subarray(0, 4096).includes(0)) throw binary(path);
    line += count(whole, NEWLINE);
    offset += end;
    if (end > 0) before = whole.subarray(-CONTEXT);
    return whole;
  };
  for await (const chunk of chunks) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const end = wholeCharacters(bytes);
    const whole = check(bytes, end);
    rest = bytes.subarray(end);
    if (whole.length > 0) yield whole;
  }
  if (rest.length > 0) yield check(rest, rest.length);
}

/**
 * The text of a file as a whole, without a byte-order mark: for files whose size was looked at before.
 * @throws HeadstartError as `utf8Chunks`
 */
export async function readUtf8(path: string): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of utf8Chunks(path)) chunks.push(chunk);
  return withoutMark(Buffer.concat(chunks).toString('utf8'));
}

/** A line of a text file without its break, numbered from 1. */
export interface TextLine {
  readonly text: string;
  readonly line: number;
}

/**
 * The lines of a text file without their breaks, numbered from 1; a byte-order mark is left out.
 * @throws HeadstartError as `utf8Chunks`, and `target-unreadable` for a line longer than `longest` bytes
 */
export function readLines(path: string, longest?: number): AsyncGenerator<TextLine> {
  return linesOf(path, utf8Chunks(path), longest);
}

/** The same for UTF-8 that comes from elsewhere; `path` is named in errors. */
export async function* linesOf(
  path: string,
  chunks: AsyncIterable<Buffer>,
  longest = 64 * 2 ** 20,
): AsyncGenerator<TextLine> {
  let parts: Buffer[] = [];
  let length = 0;
  let line = 1;
  const taken = () => {
    const text = Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    parts = [];
    length = 0;
    return { text: line === 1 ? withoutMark(text) : text, line };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      parts.push(chunk.subarray(start, end));
      yield taken();
      line++;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > longest) {
      throw new HeadstartError({
        code: 'target-unreadable',
        message: `${path}, line ${line} is longer than ${longest} bytes.`,
        hint: 'Put one sample on each line.',
      });
    }
  }
  if (length > 0) yield taken();
}

/** A text without a byte-order mark at its beginning. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
