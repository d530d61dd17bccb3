import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Readable } from 'node:stream';
import { HeadstartError, storageError } from '@headstart/artifacts/errors';

const imageExtensions = new Set('.jpg .jpeg .jpe .jfif .png .webp .gif .avif .tif .tiff .svg .heic .heif'.split(' '));

/**
 * The inputs to predict: for images a folder stands for the pictures in it and below it, in order of
 * their names; for texts `-` stands for the lines of standard input. Anything else stands for itself.
 * @throws HeadstartError `target-empty` for a folder without pictures, or standard input without a line
 */
export async function expandInputs(
  inputs: readonly string[],
  modality: string,
  stdin: Readable = process.stdin,
): Promise<string[]> {
  if (modality === 'text' && inputs.includes('-')) {
    const given = await lines(stdin);
    return inputs.flatMap((input) => (input === '-' ? given : [input]));
  }
  if (modality !== 'image') return [...inputs];
  const expanded: string[] = [];
  for (const input of inputs) {
    const isFolder = await stat(input).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    expanded.push(...(isFolder ? await pictures(input) : [input]));
  }
  return expanded;
}

async function lines(stdin: Readable): Promise<string[]> {
  const found: string[] = [];
  for await (const line of createInterface({ input: stdin })) found.push(line);
  if (found.length > 0) return found;
  throw new HeadstartError({
    code: 'target-empty',
    message: 'Standard input, which "-" stands for, has no line.',
    hint: 'Give one text per line.',
  });
}

async function pictures(folder: string): Promise<string[]> {
  let entries;
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (cause) {
    throw storageError('read', folder, cause);
  }
  const found = entries
    .filter(
      (entry) =>
        entry.isFile() && !entry.name.startsWith('.') && imageExtensions.has(extname(entry.name).toLowerCase()),
    )
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (found.length > 0) return found;
  throw new HeadstartError({
    code: 'target-empty',
    message: `The folder ${folder} has no pictures.`,
    hint: `Pictures are recognised by their names' endings: ${[...imageExtensions].join(' ')}.`,
  });
}
