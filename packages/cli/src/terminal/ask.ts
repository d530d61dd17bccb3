import { harmless } from '@headstart/artifacts/errors';
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import type { Console, Output } from './console.ts';

/** A stream that may be a person's keyboard. */
export type Input = Readable & { readonly isTTY?: boolean };

/** Asks a question that is answered with yes or no; no where the answer is anything else. */
export async function ask(question: string, input: Input, output: Output): Promise<boolean> {
  const reader = createInterface({ input, output });
  try {
    return /^y(es)?$/i.test((await reader.question(`${harmless(question)} [y/N] `)).trim());
  } finally {
    reader.close();
  }
}

/** Whether there is somebody to ask. */
export function isInteractive(console: Console, input: Input | undefined): input is Input {
  return console.live && input?.isTTY === true;
}
