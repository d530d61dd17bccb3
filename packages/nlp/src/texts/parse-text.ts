import { HeadstartError } from '@headstart/core';
import { inputName, inputText, type InputContent } from '@headstart/core/readers';
import { textDigest } from './text-digest.ts';
import type { TextSample } from './text-sample.ts';

/** A text that a user gives as it is, to predict or to embed. @throws HeadstartError `sample-unreadable` where there is none */
export async function parseText(input: InputContent, name = inputName(input)): Promise<TextSample> {
  const text = await inputText(input, name);
  if (text.trim() === '') {
    throw new HeadstartError({
      code: 'sample-unreadable',
      message: `${name} has no text.`,
      hint: 'Leave it out, or give a text.',
    });
  }
  return { id: name, digest: textDigest(text), text };
}

/** A pair of texts that a user gives: a tab between them, or a JSON list of two. @throws HeadstartError `sample-unreadable` */
export async function parsePair(input: InputContent, name = inputName(input)): Promise<TextSample> {
  const whole = await inputText(input, name);
  const [text, pair, ...more] = whole.trimStart().startsWith('[') ? parseList(whole) : whole.split('\t');
  if (typeof text === 'string' && typeof pair === 'string' && more.length === 0)
    return { id: name, digest: textDigest(text, pair), text, pair };
  throw new HeadstartError({
    code: 'sample-unreadable',
    message: `${JSON.stringify(whole.slice(0, 80))} is not a pair of texts.`,
    hint: 'Put a tab between the two texts, or give a JSON list of two: ["one text", "another"].',
  });
}

function parseList(input: string): unknown[] {
  try {
    const list = JSON.parse(input) as unknown;
    return Array.isArray(list) ? list : [];
  } catch {
    return input.split('\t');
  }
}
