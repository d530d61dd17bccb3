import { HeadstartError } from '@headstart/artifacts/errors';
import { JsonScanner, type JsonListener } from './json-scanner.ts';
import type { TableText } from './table-text.ts';

/** An item may have this many bytes. */
const LARGEST_ITEM = 64 * 2 ** 20;

/** The text of one item of a JSON file. */
export interface JsonPiece {
  /** The line in which it begins. */
  readonly line: number;
  readonly json: string;
}

/** Where the items of a JSON text are: beside one another (0), in a list (1), in the list of an object's key (2). */
export interface ItemPlace {
  readonly level: 0 | 1 | 2;
  readonly key?: string;
}

/**
 * The items of a JSON text one by one, so that memory does not grow with the file.
 * @throws HeadstartError `target-unreadable` where brackets do not match
 */
export async function* jsonPieces(text: TableText, { level, key }: ItemPlace): AsyncGenerator<JsonPiece> {
  const done: { line: number; start: number; end: number }[] = [];
  let open: { line: number; start: number } | undefined;
  let within = level === 0;
  const scanner = new JsonScanner(level, {
    begin({ depth, first, key: name, line, at }) {
      if (depth === level && within) open = { line, start: at };
      else if (depth === level - 1) within = first === '[' && name === key;
    },
    end({ depth, at }) {
      if (depth === level && open) done.push({ ...open, end: at });
      if (depth === level) open = undefined;
      else if (depth === level - 1) within = false;
    },
  });
  let kept: Buffer[] = [];
  let size = 0;
  let offset = 0;
  for await (const chunk of text.chunks()) {
    scan(scanner, chunk, text.path);
    for (const { line, start, end } of done) {
      const last = chunk.subarray(Math.max(0, start - offset), end - offset);
      yield { line, json: (start < offset ? Buffer.concat([...kept, last]) : last).toString('utf8') };
      kept = [];
      size = 0;
    }
    done.length = 0;
    if (open) {
      const rest = chunk.subarray(Math.max(0, open.start - offset));
      kept.push(rest);
      size += rest.length;
      if (size > LARGEST_ITEM) throw tooLarge(text.path, open.line);
    }
    offset += chunk.length;
  }
  if (!scanner.closed) throw cutOff(text.path, open?.line ?? scanner.line);
  if (open) yield { line: open.line, json: Buffer.concat(kept).toString('utf8') };
}

/** What a JSON text is made of, by its first value: only as much of it is gone through as is needed. */
export interface JsonShape {
  /** The character that begins the first value: [ or {. */
  readonly first: string;
  /** Whether another value follows it. */
  readonly several: boolean;
  /** The elements of the list (the first one only), or what the object's keys hold, with the character of their first element. */
  readonly parts: readonly { readonly key?: string; readonly first: string; readonly inner?: string }[];
}

/** Lists of objects under different keys, of which none can be the table. */
const ENOUGH = 3;

/** @throws HeadstartError `target-unreadable` */
export async function jsonShape(text: TableText): Promise<JsonShape> {
  const parts: { key?: string; first: string; inner?: string }[] = [];
  let first = '';
  let values = 0;
  const listener: JsonListener = {
    begin(value) {
      if (value.depth === 0) {
        values++;
        first ||= value.first;
      } else if (values > 1) return;
      else if (value.depth === 1) parts.push({ key: value.key, first: value.first });
      else parts.at(-1)!.inner ??= value.first;
    },
  };
  const scanner = new JsonScanner(2, listener);
  const known = () =>
    values > 1 ||
    (first === '[' && parts.length > 1) ||
    parts.filter((part) => part.first === '[' && part.inner === '{').length >= ENOUGH;
  for await (const chunk of text.chunks()) {
    scan(scanner, chunk, text.path);
    if (known()) break;
  }
  return { first, several: values > 1, parts };
}

function scan(scanner: JsonScanner, chunk: Buffer, path: string): void {
  try {
    scanner.push(chunk);
  } catch (cause) {
    throw new HeadstartError({
      code: 'target-unreadable',
      message: `${path} is not JSON: ${(cause as Error).message}.`,
      hint: 'Write the file again with a JSON library, or as JSON lines: one object per line.',
      cause,
    });
  }
}

function cutOff(path: string, line: number): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path} is not JSON: what begins in line ${line} is never closed.`,
    hint: 'Fetch or write the file again; it is cut off, or a quote or bracket is missing.',
  });
}

function tooLarge(path: string, line: number): HeadstartError {
  return new HeadstartError({
    code: 'target-unreadable',
    message: `${path}: the item that begins in line ${line} is larger than ${LARGEST_ITEM / 2 ** 20} MiB.`,
    hint: 'Give one object per sample.',
  });
}
