import { HeadstartError } from '@headstart/core';
import { utf8Chunks } from '@headstart/core/readers';

/** An element of a list, or a member that is not a list, of a JSON file's outermost value. */
export interface JsonItem {
  /** The member's name; empty where the outermost value is itself a list. */
  readonly key: string;
  /** The place in the list; absent for a member that is not a list. */
  readonly index?: number;
  readonly value: unknown;
}

/** The longest element, in bytes: a crowd's mask has a few hundred kilobytes. */
const LONGEST = 64 * 2 ** 20;

const [TAB, NEWLINE, RETURN, SPACE, QUOTE, COMMA, COLON, BACKSLASH] = [0x09, 0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x3a, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads a JSON file element by element, however large it is: `{"a": [x, y], "b": z}` gives x, y and z.
 * One element is held at a time. Elements may have `NaN` and `Infinity`, which Python writes and JSON
 * does not know; they become the strings "NaN", "Infinity" and "-Infinity", which no number is. Whole numbers that
 * JavaScript would round (ids made by hashing) become the strings of their digits.
 *
 * @throws HeadstartError `target-not-found`; `target-unreadable` with the offset of what is not JSON
 */
export async function* jsonItems(path: string): AsyncGenerator<JsonItem> {
  const scanner = new ItemScanner(path);
  for await (const chunk of utf8Chunks(path)) yield* scanner.scan(chunk);
  scanner.end();
}

/** Cuts text at the commas of the outermost value and of its lists. */
class ItemScanner {
  readonly #path: string;
  /** Pieces of the element that earlier chunks began. */
  #pieces: Buffer[] = [];
  #length = 0;
  #offset = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #root: 'list' | 'object' | undefined;
  #done = false;
  /** The list under way, inside the outermost value or as it. */
  #list: { key: string; next: number } | undefined;
  /** Set between the colon of a member and its value. */
  #named = false;
  /** Set after a member that was a list: only white space may come before the comma. */
  #after = false;
  /** Set after a comma: an element must follow. */
  #more = false;

  constructor(path: string) {
    this.#path = path;
  }

  *scan(chunk: Buffer): Generator<JsonItem> {
    let start = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (byte === BACKSLASH) this.#escaped = true;
        else if (byte === QUOTE) this.#inString = false;
        continue;
      }
      if (byte === SPACE || byte === NEWLINE || byte === RETURN || byte === TAB) continue;
      if (this.#depth === 0) {
        if (this.#offset === 0 && i < 3 && chunk.indexOf(BYTE_ORDER_MARK) === 0) continue;
        this.#open(byte, this.#offset + i);
        start = i + 1;
        continue;
      }
      const own = this.#list && this.#root === 'object' ? 2 : 1;
      switch (byte) {
        case QUOTE:
          this.#inString = true;
          this.#named = false;
          break;
        case COLON:
          this.#named = this.#depth === 1;
          break;
        case OPEN_LIST:
          this.#depth++;
          if (this.#named && !this.#list) {
            this.#more = false;
            this.#list = { key: this.#keyBefore(chunk.subarray(start, i), this.#offset + i), next: 0 };
            start = i + 1;
          }
          this.#named = false;
          break;
        case OPEN_OBJECT:
          this.#depth++;
          this.#named = false;
          break;
        case COMMA:
          if (this.#depth !== own) break;
          yield* this.#element(chunk.subarray(start, i), this.#offset + i, true);
          start = i + 1;
          break;
        case CLOSE_LIST:
        case CLOSE_OBJECT:
          if (this.#depth === own) {
            yield* this.#element(chunk.subarray(start, i), this.#offset + i, false);
            this.#close(byte, this.#offset + i);
            start = i + 1;
          }
          this.#depth--;
          break;
        default:
          this.#named = false;
      }
    }
    if (this.#depth > 0) this.#keep(chunk.subarray(start));
    this.#offset += chunk.length;
  }

  /** @throws HeadstartError where the text is not complete */
  end(): void {
    if (!this.#done) throw this.#broken(this.#offset, this.#root ? 'it ends in the middle' : 'it is empty');
  }

  #open(byte: number, at: number): void {
    if (this.#done) throw this.#broken(at, 'something follows its end');
    if (byte !== OPEN_LIST && byte !== OPEN_OBJECT) throw this.#broken(at, 'it begins with neither { nor [');
    this.#root = byte === OPEN_LIST ? 'list' : 'object';
    this.#list = this.#root === 'list' ? { key: '', next: 0 } : undefined;
    this.#depth = 1;
  }

  #close(byte: number, at: number): void {
    if ((byte === CLOSE_LIST) !== (this.#list !== undefined)) throw this.#broken(at, 'a bracket does not match');
    if (this.#depth === 1) this.#done = true;
    else this.#after = true;
    this.#list = undefined;
    this.#more = false;
  }

  *#element(last: Buffer, at: number, comma: boolean): Generator<JsonItem> {
    const text = this.#take(last);
    const list = this.#list;
    const needed = comma || this.#more;
    this.#more = comma;
    if (this.#after && !list) {
      this.#after = false;
      if (text.trim() !== '') throw this.#broken(at, 'a comma is missing');
      return;
    }
    if (text.trim() === '') {
      if (needed) throw this.#broken(at, 'a value is missing between commas');
      return;
    }
    if (list) yield { key: list.key, index: list.next, value: this.#parse(text, at, `${list.key}[${list.next++}]`) };
    else
      for (const [key, value] of Object.entries(this.#parse(`{${text}}`, at, 'a member') as object))
        yield { key, value };
  }

  #keyBefore(last: Buffer, at: number): string {
    const text = this.#take(last);
    const [key] = Object.keys(this.#parse(`{${text} 0}`, at, 'a name') as object);
    return key!;
  }

  #take(last: Buffer): string {
    const text =
      this.#pieces.length === 0 ? last.toString('utf8') : Buffer.concat([...this.#pieces, last]).toString('utf8');
    this.#pieces = [];
    this.#length = 0;
    return text;
  }

  #keep(piece: Buffer): void {
    this.#length += piece.length;
    if (this.#length > LONGEST) throw this.#broken(this.#offset, `an element of it is longer than ${LONGEST} bytes`);
    this.#pieces.push(Buffer.from(piece));
  }

  #parse(written: string, at: number, what: string): unknown {
    const text = withLongNumbers(written);
    try {
      return JSON.parse(text);
    } catch (cause) {
      try {
        return JSON.parse(
          text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (word) =>
            word.startsWith('"') ? word : `"${word}"`,
          ),
        );
      } catch {
        throw this.#broken(at, `${what} is not valid JSON (${(cause as Error).message})`, cause);
      }
    }
  }

  #broken(at: number, why: string, cause?: unknown): HeadstartError {
    return new HeadstartError({
      code: 'target-unreadable',
      message: `${this.#path} is not a JSON file: ${why}, at byte ${at}.`,
      hint: 'Write the file again; it may have been cut off.',
      cause,
    });
  }
}

/** JSON with quotes around whole numbers of so many digits that a number could not hold them. */
function withLongNumbers(text: string): string {
  if (!/\d{16}/.test(text)) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}
