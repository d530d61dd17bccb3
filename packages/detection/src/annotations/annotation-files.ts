import { storageError, tooManyOpen } from '@headstart/artifacts/errors';
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { openToRead } from '@headstart/artifacts/storage';
import type { SplitName } from '@headstart/core';
import { byCodeUnit, isLeftover } from '@headstart/core/readers';
import { splitOfName } from '../readers/split-of-name.ts';

/** An annotation file of a data set, and the split that its name or a folder's gives it. */
export interface AnnotationFile {
  readonly path: string;
  readonly split?: SplitName;
}

/** Annotations lie in a set's folder, in one below it (annotations/, train/), or in one below that (train/labels/). */
const DEEPEST = 2;

/**
 * The files with one of the endings in a set's folder and in two levels of folders below it, nearest first and in
 * code-point order; the path itself where it is a file, whatever its ending.
 * @param most folders that are looked into: for a look at what a path is
 */
export async function* annotationFiles(
  path: string,
  endings: readonly string[],
  most = Infinity,
): AsyncGenerator<AnnotationFile> {
  let folders: { path: string; split?: SplitName }[] = [{ path }];
  let looked = 0;
  for (let depth = 0; depth <= DEEPEST; depth++) {
    const deeper: typeof folders = [];
    for (const folder of folders) {
      if (++looked > most) return;
      const entries = await readdir(folder.path, { withFileTypes: true }).catch(() => undefined);
      if (!entries) {
        if (depth === 0) yield { path };
        continue;
      }
      entries.sort((a, b) => byCodeUnit(a.name, b.name));
      for (const entry of entries) {
        if (isLeftover(entry.name)) continue;
        const inner = join(folder.path, entry.name);
        if (entry.isDirectory()) deeper.push({ path: inner, split: folder.split ?? splitOfName(entry.name) });
        else if (hasEnding(entry.name, endings))
          yield { path: inner, split: folder.split ?? splitOfName(basename(entry.name, extname(entry.name))) };
      }
    }
    folders = deeper;
  }
}

function hasEnding(name: string, endings: readonly string[]): boolean {
  return endings.includes(extname(name).toLowerCase());
}

const HEAD = 64 * 1024;

/** The beginning of a text file, without a byte-order mark; empty where it cannot be read: reading it says why. */
export async function headOf(path: string): Promise<string> {
  try {
    await using file = await openToRead(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '');
  } catch (cause) {
    if (tooManyOpen(cause)) throw storageError('read', path, cause);
    return '';
  }
}

/** Whether a file is JSON, by its first character. */
export async function isJson(path: string): Promise<boolean> {
  return /^\s*[[{]/.test(await headOf(path));
}

/** Folders that hold annotations alone: their pictures lie beside them. */
const ANNOTATION_FOLDERS = /^(annotations?|anns?|labels?|jsons?|xmls?|csvs?)$/i;

/** The folder that a file's set lies in. */
export function setFolder(file: string): string {
  const folder = dirname(file);
  return ANNOTATION_FOLDERS.test(basename(folder)) ? dirname(folder) : folder;
}
