import { readRegular } from '@headstart/artifacts/storage';

import { fileURLToPath } from 'node:url';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';

/**
 * What a model is asked about. A string is what the task says it is: the path of a picture, or a text itself. A URL
 * stands for the contents of what it names: `file:` and `data:` always, `http:` and `https:` where the call allows it. Bytes
 * are contents: a picture's file as it would be on disk, a text in UTF-8.
 */
export type ModelInput = string | URL | Uint8Array | ArrayBuffer;

/** An input as tasks get it: an `ArrayBuffer` comes as the bytes that it holds, a URL only where it names a file. */
export type InputContent = Exclude<ModelInput, ArrayBuffer>;

/** An input with the name that messages call it by: a string's or URL's own, or its place, such as `input 3`. */
export interface NamedInput {
  readonly content: InputContent;
  readonly name: string;
}

/** @throws HeadstartError `invalid-option` for inputs that are no list */
export function checkInputs(inputs: unknown): void {
  if (Array.isArray(inputs)) return;
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The model takes a list of inputs, and was given ${kindOf(inputs)}.`,
    hint: `Put it into a list: [input]. ${TAKEN}`,
  });
}

/**
 * One input by its name.
 * @param place what messages call it where it has no name of its own
 * @throws HeadstartError `invalid-option` for what is neither a string nor a URL nor bytes; `sample-unreadable` where it is
 * empty
 */
export function nameInput(input: ModelInput, place: string): NamedInput {
  if (typeof input === 'string' && input.trim() !== '') return { content: input, name: inputName(input) };
  if (input instanceof URL) return { content: input, name: inputName(input) };
  const content = input instanceof ArrayBuffer ? new Uint8Array(input) : input;
  if (content instanceof Uint8Array && content.length > 0) return { content, name: place };
  if (typeof content === 'string' || content instanceof Uint8Array) {
    const what = typeof content !== 'string' ? 'has no bytes' : content === '' ? 'is an empty string' : 'is blank';
    throw new HeadstartError({
      code: 'sample-unreadable',
      message: `The model was asked about ${place}, which ${what}.`,
      hint: 'Leave it out, or give what is to be predicted.',
    });
  }
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The model was asked about ${place}, which is ${kindOf(input)}.`,
    hint: TAKEN,
  });
}

const TAKEN =
  'Give a string (a text, or the path of a picture), a URL, or the bytes as a Uint8Array or an ArrayBuffer.';

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 80))}`;
  if (typeof value !== 'object') return `of type ${typeof value}`;
  const { name } = (value.constructor ?? Object) as { name?: string };
  return name && name !== 'Object' ? `of type ${name}` : 'of type object';
}

/** How much of an address messages show: a `data:` URL has all of its bytes in it. */
const SHOWN_ADDRESS = 100;

/** What messages call an input that is not named: a string or a URL by itself. */
export function inputName(input: InputContent): string {
  if (input instanceof URL) {
    const { href } = input;
    return href.length > SHOWN_ADDRESS ? `${href.slice(0, SHOWN_ADDRESS)}…` : href;
  }
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
