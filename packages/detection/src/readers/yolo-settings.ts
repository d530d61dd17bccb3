import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { HeadstartError, type SplitName } from '@headstart/core';
import { readUtf8 } from '@headstart/core/readers';
import { parse } from 'yaml';
import { z } from 'zod';

/** What a data.yaml says. */
export interface YoloSettings {
  /** The file. */
  readonly path: string;
  /** The folder that its paths count from. */
  readonly root: string;
  readonly names: readonly string[];
  /** Folders of pictures, or files that list some. */
  readonly splits: readonly (readonly [SplitName, readonly string[]])[];
}

/** Class names are a few kilobytes; what is larger is not one of these files. */
const LARGEST = 4 * 2 ** 20;

const place = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).nullish();
const className = z.union([z.string(), z.number()]).transform(String);
const settings = z.object({
  path: z.string().nullish(),
  train: place,
  val: place,
  valid: place,
  test: place,
  nc: z.number().int().nullish(),
  names: z.union([z.array(className), z.record(z.string().regex(/^\d+$/), className)]),
});

/** @throws HeadstartError `target-not-found`, `target-unreadable`, `label-invalid` */
export async function readYoloSettings(path: string): Promise<YoloSettings> {
  const { data, error } = settings.safeParse(await yamlIn(path));
  if (!data) throw wrong(path, `it is not a valid data.yaml: ${z.prettifyError(error).replaceAll('\n', ' ')}`);
  const names = Array.isArray(data.names) ? data.names : numbered(path, data.names);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (names.length === 0 || twice !== undefined || names.some((name) => name.trim() === '')) {
    throw wrong(
      path,
      names.length === 0
        ? 'it names no class'
        : twice === undefined
          ? 'a class has an empty name'
          : `two classes are called "${twice}"`,
      'label-invalid',
    );
  }
  if (data.nc != null && data.nc !== names.length)
    throw wrong(path, `it says nc: ${data.nc} but names ${names.length} classes`, 'label-invalid');
  const all = [
    ['train', data.train],
    ['validation', data.val ?? data.valid],
    ['test', data.test],
  ] as const;
  const splits = all.flatMap(([split, where]) =>
    where == null ? [] : [[split, typeof where === 'string' ? [where] : where] as const],
  );
  if (!data.train) throw wrong(path, 'it names no pictures to train on');
  return { path, root: data.path ? resolve(dirname(path), data.path) : dirname(resolve(path)), names, splits };
}

async function yamlIn(path: string): Promise<unknown> {
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  ); // reading it says why there is none
  if (bytes > LARGEST) throw wrong(path, `it is larger than ${LARGEST} bytes`);
  const text = await readUtf8(path);
  try {
    return parse(text, { maxAliasCount: 100 }) as unknown;
  } catch (cause) {
    throw wrong(path, `it cannot be read (${(cause as Error).message.split('\n')[0]})`, 'target-unreadable', cause);
  }
}

/** `{0: cat, 1: dog}` as a list. */
function numbered(path: string, names: Readonly<Record<string, string>>): string[] {
  return Object.keys(names).map((_, index) => {
    const name = names[index];
    if (name === undefined)
      throw wrong(
        path,
        `its ${Object.keys(names).length} classes are not numbered from 0 without gaps: ${index} is missing`,
        'label-invalid',
      );
    return name;
  });
}

function wrong(
  path: string,
  why: string,
  code: 'target-unreadable' | 'label-invalid' = 'target-unreadable',
  cause?: unknown,
): HeadstartError {
  return new HeadstartError({
    code,
    message: `${path}: ${why}.`,
    hint: 'Give "train" (and "val", "test") with folders of pictures, and "names" with the classes.',
    cause,
  });
}
