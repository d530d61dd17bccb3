import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { ModelInput } from '@headstart/core';

const TABLE = /\.(csv|tsv|tab|jsonl|ndjson|json|parquet|xlsx)(\.gz)?$/i;

/** An input as it was given, and as a model takes it. */
export interface GivenInput {
  readonly name: string;
  readonly input: ModelInput;
}

/** Data with many samples, which a reader reads. */
export interface GivenTarget {
  readonly target: string;
}

export interface GivenOptions {
  /** Whether addresses on the network are read. */
  readonly allowHttp?: boolean;
  readonly stdin?: Readable;
}

/**
 * The inputs that words of a command line stand for. For images a folder stands for the pictures in it and below it, in
 * order of their names, and `-` for the picture on standard input; for texts `-` stands for the lines there. A table and,
 * for texts, a folder stand for their samples, addresses for what is there, anything else for itself.
 * @throws HeadstartError `target-empty` for a folder without pictures, or standard input without a line; `invalid-option` for
 * a file in place of a text
 */
export async function givenInputs(
  words: readonly string[],
  modality: string,
  { allowHttp = false, stdin = process.stdin }: GivenOptions = {},
): Promise<(GivenInput | GivenTarget)[]> {
  const meantBy = (word: string) => (word === '-' ? standardInput(stdin, modality) : standsFor(word, modality));
  const given: (GivenInput | GivenTarget)[] = [];
  for (const word of words) {
    if (isAddress(word, modality, allowHttp)) given.push({ name: word, input: new URL(word) });
    else for (const one of await meantBy(word)) given.push(one);
  }
  return given;
}

/** The same where data that a reader reads are not taken. @throws HeadstartError `not-supported` for those */
export async function singleInputs(
  words: readonly string[],
  modality: string,
  options: GivenOptions = {},
): Promise<GivenInput[]> {
  return (await givenInputs(words, modality, options)).map((given) => {
    if ('input' in given) return given;
    throw new HeadstartError({
      code: 'not-supported',
      message: `${given.target} is data with many samples, and this command takes inputs one by one.`,
      hint: 'Give the inputs themselves, or - for lines of texts from standard input.',
    });
  });
}

/** A text may begin like an address on the network: it is one only where those are read. */
function isAddress(word: string, modality: string, allowHttp: boolean): boolean {
  if (/\s/.test(word) || !URL.canParse(word)) return false;
  const { protocol } = new URL(word);
  if (protocol === 'http:' || protocol === 'https:') return allowHttp || modality !== 'text';
  return protocol === 'file:' || protocol === 'data:';
}

async function standsFor(word: string, modality: string): Promise<(GivenInput | GivenTarget)[]> {
  const itself = [{ name: word, input: word }];
  const found = word === '' ? undefined : await stat(word).catch(() => undefined);
  if (!found) return itself;
  if (found.isFile() && TABLE.test(word)) return [{ target: word }];
  if (modality === 'image') return found.isDirectory() ? pictures(word) : itself;
  if (modality !== 'text') return itself;
  if (found.isDirectory()) return [{ target: word }];
  throw new HeadstartError({
    code: 'invalid-option',
    message: `${word} is a file, and the model takes texts.`,
    hint: `Give the text itself; a table (CSV, JSON Lines, Parquet, XLSX) or a folder of texts; or the lines of the file, as "- < ${word}".`,
  });
}

async function standardInput(stdin: Readable, modality: string): Promise<GivenInput[]> {
  if (modality !== 'text') {
    const chunks: Buffer[] = [];
    for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
    if (chunks.length > 0) return [{ name: '-', input: Buffer.concat(chunks) }];
    throw nothingGiven('is empty', 'Give the bytes of one file: headstart predict ./model - < photo.jpg');
  }
  const found: GivenInput[] = [];
  for await (const line of createInterface({ input: stdin })) found.push({ name: line, input: line });
  if (found.length > 0) return found;
  throw nothingGiven('has no line', 'Give one text per line.');
}

function nothingGiven(what: string, hint: string): HeadstartError {
  return new HeadstartError({
    code: 'target-empty',
    message: `Standard input, which "-" stands for, ${what}.`,
    hint,
  });
}

async function pictures(folder: string): Promise<GivenInput[]> {
  const [{ namesImage }, { filesBelow, isLeftover }] = await Promise.all([
    import('@headstart/core/images'),
    import('@headstart/core/readers'),
  ]);
  const found: string[] = [];
  for await (const { name, path } of filesBelow(folder, isLeftover)) if (namesImage(name)) found.push(path);
  found.sort();
  if (found.length > 0) return found.map((path) => ({ name: path, input: path }));
  throw new HeadstartError({
    code: 'target-empty',
    message: `The folder ${folder} has no pictures.`,
    hint: 'Pictures are recognised by the endings of their names, such as .jpg, .png, .webp or .bmp.',
  });
}
