import { storageError, tooManyOpen } from '@headstart/artifacts/errors';
import { readRegular } from '@headstart/artifacts/storage';
import { HeadstartError } from '@headstart/core';
import { readUtf8 } from '@headstart/core/readers';
import { stat } from 'node:fs/promises';
import { checkText, tooLarge } from './check-text.ts';

/** What is made of a file's bytes where they are not UTF-8; throws where they mean nothing in that encoding. */
export type Decode = (bytes: Uint8Array) => string;

/**
 * What decodes files that are not UTF-8, by the name of their encoding.
 * @throws HeadstartError `invalid-option`
 */
export function decoderOf(encoding: string | undefined): Decode | undefined {
  if (encoding === undefined) return undefined;
  try {
    const decoder = new TextDecoder(encoding, { fatal: true });
    return (bytes) => decoder.decode(bytes);
  } catch (cause) {
    throw new HeadstartError({
      code: 'invalid-option',
      message: `The reader option encoding cannot be "${encoding}": there is no encoding of that name.`,
      hint: 'Give the encoding of the files that are not UTF-8, such as windows-1252, utf-16le or shift_jis.',
      cause,
    });
  }
}

/** A file's text without its byte-order mark and its last line break, or why there is none, as the end of a sentence. */
export async function readTextFile(
  path: string,
  decode: Decode | undefined,
): Promise<{ text: string } | { fault: string }> {
  try {
    const fault = tooLarge((await stat(path)).size, 'the text');
    if (fault) return { fault };
    const text = (await textOf(path, decode)).replace(/\r?\n$/, '');
    const empty = checkText(text, 'the text');
    return empty ? { fault: empty } : { text };
  } catch (cause) {
    if (tooManyOpen(cause)) throw storageError('read', path, cause);
    if (HeadstartError.is(cause)) return { fault: cause.message.replace(`${path} `, 'it ').replace(/\.$/, '') };
    const code = (cause as NodeJS.ErrnoException).code;
    return {
      fault: code === 'ENOENT' ? 'it is a link that leads nowhere' : `it cannot be read (${String(code ?? cause)})`,
    };
  }
}

async function textOf(path: string, decode: Decode | undefined): Promise<string> {
  try {
    return await readUtf8(path);
  } catch (cause) {
    const otherwise = decode && HeadstartError.is(cause) && cause.code === 'target-unreadable';
    if (!otherwise) throw cause;
    return decode(await readRegular(path));
  }
}
