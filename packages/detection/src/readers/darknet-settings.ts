import { dirname, resolve } from 'node:path';
import { HeadstartError, type SplitName } from '@headstart/core';
import { fileFinder, readLines } from '@headstart/core/readers';
import { readClassNames } from './class-names.ts';
import type { YoloSettings } from './yolo-settings.ts';

const SPLITS = { train: 'train', valid: 'validation', val: 'validation', test: 'test' } as const;

/**
 * What a Darknet `.data` file says (`classes = 2`, `train = data/train.txt`, `names = data/obj.names`), as CVAT exports it
 * for YOLO 1.1. Its paths count from a folder that is not told: files are looked for below its own.
 * @throws HeadstartError `target-unreadable`, `label-invalid`
 */
export async function readDarknetSettings(path: string): Promise<YoloSettings> {
  const values = new Map<string, string>();
  for await (const { text } of readLines(path)) {
    const [, key, value] = /^\s*(\w+)\s*=\s*(.*\S)\s*$/.exec(text) ?? [];
    if (key !== undefined && value !== undefined) values.set(key.toLowerCase(), value);
  }
  const root = dirname(resolve(path));
  const list = values.get('names');
  const finder = fileFinder([root]);
  const file = list === undefined ? undefined : await finder.find(list);
  if (file === undefined) {
    const why = list === undefined ? 'it does not say which file names the classes' : await finder.whyNot(list);
    throw wrong(path, why);
  }
  const names = await readClassNames(file);
  const count = values.get('classes');
  if (count !== undefined && Number(count) !== names.length)
    throw wrong(path, `it says classes = ${count}, and ${file} names ${names.length}`, 'label-invalid');
  const splits: [SplitName, string[]][] = [];
  for (const [key, split] of Object.entries(SPLITS)) {
    const pictures = values.get(key);
    if (pictures !== undefined) splits.push([split, [(await finder.find(pictures)) ?? pictures]]);
  }
  if (splits.length === 0) throw wrong(path, 'it names no list of pictures');
  return { path, root, names, named: list!, splits };
}

function wrong(
  path: string,
  why: string,
  code: 'target-unreadable' | 'label-invalid' = 'target-unreadable',
): HeadstartError {
  return new HeadstartError({
    code,
    message: `${path}: ${why}.`,
    hint: 'Give "train" (and "valid") with lists of pictures, and "names" with the file that names the classes.',
  });
}
