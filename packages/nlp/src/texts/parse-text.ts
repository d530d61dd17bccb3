import { HeadstartError } from '@headstart/core';
import { textDigest } from './text-digest.ts';
import type { TextSample } from './text-sample.ts';

/** A text that a user gives as it is, to predict or to embed. */
export async function parseText(text: string): Promise<TextSample> {
  return { id: text, digest: textDigest(text), text };
}

/** A pair of texts that a user gives: a tab between them, or a JSON list of two. @throws HeadstartError `sample-unreadable` */
export async function parsePair(input: string): Promise<TextSample> {
  const [text, pair, ...more] = input.trimStart().startsWith('[') ? parseList(input) : input.split('\t');
  if (typeof text === 'string' && typeof pair === 'string' && more.length === 0)
    return { id: input, digest: textDigest(text, pair), text, pair };
  throw new HeadstartError({
    code: 'sample-unreadable',
    message: `${JSON.stringify(input.slice(0, 80))} is no pair of texts.`,
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
