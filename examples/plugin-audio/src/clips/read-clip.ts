import { HeadstartError, type ModelInput } from '@headstart/core';
import { inputName, pathOfUrl } from '@headstart/core/readers';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readWav } from '../wav/read-wav.ts';
import type { AudioSample } from './audio-sample.ts';

type Input = Exclude<ModelInput, ArrayBuffer>;

/**
 * A recording as a sample, its file read whole: by its path, its file's URL, or a WAV file's contents.
 * @throws HeadstartError `sample-unreadable`
 */
export async function readClip(input: Input, id = inputName(input)): Promise<AudioSample> {
  const audio = input instanceof URL ? pathOfUrl(input) : typeof input === 'string' ? resolve(input) : input;
  const bytes = typeof audio === 'string' ? await contents(audio, id) : audio;
  readWav(bytes, id);
  return { id, digest: createHash('sha256').update(bytes).digest('hex'), audio };
}

async function contents(path: string, id: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new HeadstartError({
      code: 'sample-unreadable',
      message: `${id}: the file cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)}).`,
      hint: 'Give the path of a WAV file.',
      cause,
    });
  }
}
