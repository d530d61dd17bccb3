import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { HeadstartError, storageError } from '@headstart/core';

const imageExtensions = new Set('.jpg .jpeg .jpe .jfif .png .webp .gif .avif .tif .tiff .svg .heic .heif'.split(' '));

/**
 * The inputs to predict: for images a folder stands for the pictures in it and below it, in order of
 * their names; anything else stands for itself.
 * @throws HeadstartError `target-empty` for a folder without pictures
 */
export async function expandInputs(inputs: readonly string[], modality: string): Promise<string[]> {
  if (modality !== 'image') return [...inputs];
  const expanded: string[] = [];
  for (const input of inputs) {
    const isFolder = await stat(input).then((stats) => stats.isDirectory(), () => false);
    expanded.push(...(isFolder ? await pictures(input) : [input]));
  }
  return expanded;
}

async function pictures(folder: string): Promise<string[]> {
  let entries;
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (cause) {
    throw storageError('read', folder, cause);
  }
  const found = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && imageExtensions.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (found.length > 0) return found;
  throw new HeadstartError({
    code: 'target-empty',
    message: `The folder ${folder} has no pictures.`,
    hint: `Pictures are recognised by their names' endings: ${[...imageExtensions].join(' ')}.`,
  });
}
