import { isUtf8 } from 'node:buffer';
import { openToRead } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/artifacts/errors';
import { binary, CONTEXT, count, notUtf8, wholeCharacters } from './check-utf8.ts';

const CHUNK = 256 * 1024;
const NEWLINE = 0x0a;

/**
 * A text file's bytes in pieces, each of whole characters and checked to be UTF-8.
 * @throws HeadstartError `target-not-found`; `target-unreadable`, with offset, line and bytes where they are not UTF-8
 */
export async function* utf8Chunks(path: string): AsyncGenerator<Buffer> {
  await using file = await openToRead(path).catch((cause: unknown) => Promise.reject(openError(path, cause)));
  const { size } = await file.stat();
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(size, 1)));
  let rest: Buffer = Buffer.alloc(0);
  let before: Buffer = rest;
  let offset = 0;
  let line = 1;
  for (;;) {
    const { bytesRead } = await file
      .read(buffer, 0, buffer.length)
      .catch((cause: unknown) => Promise.reject(openError(path, cause)));
    const last = bytesRead === 0;
    const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    const end = last ? bytes.length : wholeCharacters(bytes);
    const whole = bytes.subarray(0, end);
    if (!isUtf8(whole)) throw notUtf8(path, { before, bytes, offset, line });
    if (offset === 0 && whole.subarray(0, 4096).includes(0)) throw binary(path);
    if (whole.length > 0) yield whole;
    if (last) return;
    line += count(whole, NEWLINE);
    offset += end;
    rest = bytes.subarray(end);
    if (end > 0) before = whole.subarray(-CONTEXT);
  }
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

/**
 * The whole lines at the beginning of a file (all there is where it has no line break), whatever its encoding: for a
 * look at what it is about. A file that is read is checked as `utf8Chunks` does.
 * @throws HeadstartError `target-not-found`, `target-unreadable`
 */
export async function headLines(path: string): Promise<string> {
  await using file = await openToRead(path).catch((cause: unknown) => Promise.reject(openError(path, cause)));
  const { buffer, bytesRead } = await file
    .read(Buffer.alloc(CHUNK), 0, CHUNK, 0)
    .catch((cause: unknown) => Promise.reject(openError(path, cause)));
  const text = buffer.toString('utf8', 0, bytesRead);
  return text.slice(0, text.lastIndexOf('\n') + 1) || text;
}

/**
 * The lines of a text file without their breaks, numbered from 1; a byte-order mark is left out.
 * @throws HeadstartError as `utf8Chunks`, and `target-unreadable` for a line longer than `longest` bytes
 */
export async function* readLines(path: string, longest = 64 * 2 ** 20): AsyncGenerator<{ text: string; line: number }> {
  let parts: Buffer[] = [];
  let length = 0;
  let line = 1;
  const taken = () => {
    const text = Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    parts = [];
    length = 0;
    return { text: line === 1 ? withoutMark(text) : text, line };
  };
  for await (const chunk of utf8Chunks(path)) {
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

function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

function openError(path: string, cause: unknown): HeadstartError {
  const code = (cause as NodeJS.ErrnoException).code;
  return new HeadstartError({
    code: code === 'ENOENT' ? 'target-not-found' : 'target-unreadable',
    message: code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${String(code ?? cause)}).`,
    hint: 'Check the path and that this user may read the file.',
    cause,
  });
}
