import { readRegular } from '@headstart/artifacts/storage';

import { fileURLToPath } from 'node:url';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';

/**
 * What a model is asked about. A string is what the task says it is: the path of a picture, or a text itself. A `file:`
 * URL stands for the file's contents, and bytes are contents: a picture's file as it would be on disk, a text in UTF-8.
 */
export type ModelInput = string | URL | Uint8Array | ArrayBuffer;

/** An input as tasks get it: an `ArrayBuffer` comes as the bytes that it holds. */
export type InputContent = Exclude<ModelInput, ArrayBuffer>;

/** An input with the name that messages call it by: a string's or URL's own, or its place, such as `input 3`. */
export interface NamedInput {
  readonly content: InputContent;
  readonly name: string;
}

/** @throws HeadstartError `invalid-option` for what is neither a string nor a URL nor bytes */
export function nameInputs(inputs: readonly ModelInput[]): NamedInput[] {
  return inputs.map((input, i) => {
    const place = `input ${i + 1}`;
    if (typeof input === 'string' || input instanceof URL) return { content: input, name: inputName(input) };
    if (input instanceof Uint8Array) return { content: input, name: place };
    if (input instanceof ArrayBuffer) return { content: new Uint8Array(input), name: place };
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The model was asked about ${place}, which is ${input === null ? 'null' : `of type ${typeof input}`}.`,
      hint: 'Give a string, a file: URL, or the bytes as a Uint8Array or an ArrayBuffer.',
    });
  });
}

/** What messages call an input that is not named: a string or a URL by itself. */
export function inputName(input: InputContent): string {
  if (input instanceof URL) return input.href;
  return typeof input === 'string' ? input : 'the input';
}

/** The path of the file that a URL names. @throws HeadstartError `sample-unreadable` for one that names none */
export function pathOfUrl(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new HeadstartError({
      code: 'sample-unreadable',
      message: `${url.href} is not the address of a file on this machine.`,
      hint: 'Give a file: URL, or fetch the address first and give the bytes.',
      cause,
    });
  }
}

/**
 * The text of an input: a string as it is, a file's or bytes as UTF-8, without a byte order mark.
 * @throws HeadstartError `sample-unreadable` where they are not UTF-8, or the URL names no file; `storage-*`
 */
export async function inputText(input: InputContent, name: string): Promise<string> {
  if (typeof input === 'string') return input;
  const bytes = input instanceof URL ? await readUrl(input) : input;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HeadstartError({
      code: 'sample-unreadable',
      message: `${name} is not text in UTF-8.`,
      hint: 'Convert it to UTF-8, or give the text as a string.',
      cause,
    });
  }
}

async function readUrl(url: URL): Promise<Uint8Array> {
  const path = pathOfUrl(url);
  try {
    return await readRegular(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw storageError('read', path, error);
    throw new HeadstartError({
      code: 'sample-unreadable',
      message: `There is no file ${path}.`,
      hint: 'Correct the address.',
      cause: error,
    });
  }
}
