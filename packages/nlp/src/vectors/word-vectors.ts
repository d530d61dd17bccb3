import { chunksOf } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/core';
import { storageError } from '@headstart/artifacts/errors';
import { parseNumbers } from './parse-numbers.ts';

/** Vectors of words, in the order of their file: the most frequent first. */
export interface WordVectors {
  readonly words: readonly string[];
  /** Row of each word. */
  readonly rows: ReadonlyMap<string, number>;
  readonly width: number;
  /** `[words, width]`, row-major. */
  readonly values: Float32Array;
}

const [SPACE, COMMA, NEWLINE, BRACKET] = [32, 44, 10, 93];
/** What stands between a word and its numbers in JSON: the word's quote, and the list's bracket. */
const VECTOR_START = '":[';
const CHUNK = 4 * 2 ** 20;
/** Bytes of one word's line at most, and of what stands before the vectors of a JSON file. */
const MOST_ENTRY = 2 ** 20;
const MOST_HEADER = 64 * 2 ** 20;
const MOST_WIDTH = 4096;

/**
 * Reads word vectors: text with a word and its numbers per line (GloVe; word2vec's text format with its first line of two
 * counts), or JSON as winkNLP's packages have it (`{ "dimensions": …, "vectors": { "word": [numbers, …] } }`). The file
 * is read as a stream.
 *
 * @param most words to read; all where absent
 * @throws HeadstartError `checkpoint-invalid` naming the place, `storage-*`
 */
export async function readWordVectors(path: string, most = Infinity): Promise<WordVectors> {
  const table = new Table(path, most);
  let rest: Buffer = Buffer.alloc(0);
  let json: boolean | undefined;
  let started = false;
  try {
    for await (const chunk of chunksOf(path, { highWaterMark: CHUNK })) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      json ??= rest[0] === '{'.charCodeAt(0);
      if (json && !started) {
        const begin = rest.indexOf('"vectors":{');
        if (begin < 0 && rest.length > MOST_HEADER) throw invalid(path, 'it has no "vectors"');
        if (begin < 0) continue;
        table.width = headerWidth(path, rest.subarray(0, begin).toString('utf8'));
        rest = rest.subarray(begin + '"vectors":{'.length);
        started = true;
      }
      rest = json
        ? takeEntries(rest, jsonEnd, (entry) => table.addJson(entry))
        : takeEntries(rest, lineEnd, (line) => table.addLine(line));
      if (table.full) break;
      if (rest.length > MOST_ENTRY) throw invalid(path, `no further word is found after ${table.words.length}`);
    }
  } catch (error) {
    throw storageError('read', path, error);
  }
  if (json === false && !table.full && rest.length > 0) table.addLine(rest);
  return table.finish();
}

const lineEnd = (bytes: Buffer, from: number) => bytes.indexOf(NEWLINE, from);

/** A word may hold the bracket that ends its numbers. */
function jsonEnd(bytes: Buffer, from: number): number {
  const open = bytes.indexOf(VECTOR_START, from);
  return open < 0 ? -1 : bytes.indexOf(BRACKET, open + VECTOR_START.length);
}

/** Hands over each whole entry; gives what is left. */
function takeEntries(
  bytes: Buffer,
  endOf: (bytes: Buffer, from: number) => number,
  take: (entry: Buffer) => boolean,
): Buffer {
  let from = 0;
  for (let end = endOf(bytes, 0); end >= 0; end = endOf(bytes, from)) {
    const entry = bytes.subarray(from, end);
    from = end + 1;
    if (!take(entry)) break;
  }
  return bytes.subarray(from);
}

function headerWidth(path: string, header: string): number {
  const width = Number(/"dimensions":\s*(\d+)/.exec(header)?.[1]);
  if (width >= 1 && width <= MOST_WIDTH) return width;
  throw invalid(path, 'it does not say how many dimensions its vectors have');
}

class Table {
  readonly words: string[] = [];
  readonly #rows = new Map<string, number>();
  #values = new Float32Array(0);
  width = 0;

  constructor(
    private readonly path: string,
    private readonly most: number,
  ) {}

  get full(): boolean {
    return this.words.length >= this.most;
  }

  /** `"word":[1,2,3`, after a comma but for the first. What follows the vector's own numbers is none of them. */
  addJson(entry: Buffer): boolean {
    const [begin, open] = [entry.indexOf('"'), entry.indexOf(VECTOR_START)];
    let word: unknown;
    try {
      word = JSON.parse(entry.subarray(begin, open + 1).toString('utf8'));
    } catch {
      throw invalid(this.path, `what stands at word ${this.words.length + 1} is not a word and its numbers`);
    }
    // What comes after the vectors stands outside their braces.
    if (entry.subarray(0, begin).includes('}')) return false;
    return this.#add(String(word), entry.subarray(open + VECTOR_START.length), COMMA, (count) => count >= this.width);
  }

  /** `word 1 2 3` */
  addLine(line: Buffer): boolean {
    const end = line.at(-1) === 13 ? line.length - 1 : line.length;
    const space = line.indexOf(SPACE);
    if (end === 0) return true;
    const numbers = line.subarray(space + 1, end);
    if (this.width === 0) {
      const width = numbers.toString('latin1').trim().split(' ').length;
      if (width === 1 && space > 0) return true; // word2vec's counts
      if (space <= 0 || width > MOST_WIDTH) throw invalid(this.path, 'its first line is not a word and its numbers');
      this.width = width;
    }
    return this.#add(
      line.subarray(0, space).toString('utf8'),
      trimEnd(numbers),
      SPACE,
      (count) => count === this.width,
    );
  }

  #add(word: string, numbers: Buffer, separator: number, fits: (count: number) => boolean): boolean {
    if (this.#rows.has(word)) return true;
    const row = this.words.length;
    if (this.#values.length < (row + 1) * this.width) {
      const grown = new Float32Array(Math.max(1024, 2 * row) * this.width);
      grown.set(this.#values);
      this.#values = grown;
    }
    const count = parseNumbers(numbers, separator, this.#values.subarray(0, (row + 1) * this.width), row * this.width);
    if (!fits(count)) {
      throw invalid(
        this.path,
        count < 0
          ? `the vector of word ${row + 1}, "${word.slice(0, 40)}", is not all numbers`
          : `word ${row + 1}, "${word.slice(0, 40)}", has ${count} numbers where ${this.width} are needed`,
      );
    }
    this.#rows.set(word, row);
    this.words.push(word);
    return !this.full;
  }

  finish(): WordVectors {
    if (this.words.length === 0) throw invalid(this.path, 'it contains no words');
    return {
      words: this.words,
      rows: this.#rows,
      width: this.width,
      values: this.#values.slice(0, this.words.length * this.width),
    };
  }
}

function trimEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === SPACE) end--;
  return bytes.subarray(0, end);
}

function invalid(path: string, why: string): HeadstartError {
  return new HeadstartError({
    code: 'checkpoint-invalid',
    message: `${path} cannot be read as word vectors: ${why}.`,
    hint: "Give text with a word and its numbers per line, as GloVe's files are, or the JSON of a winkNLP package.",
  });
}
