import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { HeadstartError, type SplitName } from '@headstart/core';
import { readUtf8 } from '@headstart/core/readers';
import { CORE_SCHEMA, load } from 'js-yaml';
import { z } from 'zod';

/** What a data.yaml, or a Darknet .data file, says. */
export interface YoloSettings {
  /** The file. */
  readonly path: string;
  /** The folder that its paths count from. */
  readonly root: string;
  readonly names: readonly string[];
  /** What names the classes, for messages: the file's name, or that of a list. */
  readonly named: string;
  /** How many numbers of keypoints stand after each box. */
  readonly keypoints?: number;
  /** Folders of pictures, or files that list some. */
  readonly splits: readonly (readonly [SplitName, readonly string[]])[];
}

/** Class names are a few kilobytes, of tens of thousands of classes a megabyte; what is larger is not one of these files. */
const LARGEST = 2 ** 20;

const place = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).nullish();
const className = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const settings = z.object({
  path: z.string().nullish(),
  train: place,
  val: place,
  valid: place,
  validation: place,
  test: place,
  nc: z
    .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
    .pipe(z.int())
    .nullish(),
  names: z.union([z.array(className), z.record(z.string().regex(/^\d+$/), className)]),
  kpt_shape: z.tuple([z.int().positive(), z.int().min(2).max(3)]).nullish(),
});

/** Whether a YAML file is such settings, by the names in it: classes or a split. */
export async function looksLikeSettings(path: string): Promise<boolean> {
  const text = await stat(path).then(
    ({ size }) => (size > LARGEST ? '' : readUtf8(path).catch(() => '')),
    () => '',
  );
  const has = (name: string) => new RegExp(`^[ \\t]*["']?(?:${name})["']?[ \\t]*:`, 'm').test(text);
  return has('train|val|valid|validation|test') && has('names|nc');
}

/** @throws HeadstartError `target-not-found`, `target-unreadable`, `label-invalid` */
export async function readYoloSettings(path: string): Promise<YoloSettings> {
  const written = await yamlIn(path);
  const { data, error } = settings.safeParse(written);
  const text = (written as { readonly names?: unknown } | null)?.names;
  if (!data && typeof text === 'string')
    throw wrong(path, `its "names" are the text "${text}", not a list as [ball, crate]`, 'label-invalid');
  if (!data) throw wrong(path, `it is not a valid data.yaml: ${z.prettifyError(error).replaceAll('\n', ' ')}`);
  const names = Array.isArray(data.names) ? data.names : numbered(path, data.names);
  checkNames(path, names);
  if (data.nc != null && data.nc !== names.length)
    throw wrong(path, `it says nc: ${data.nc} but names ${names.length} classes`, 'label-invalid');
  const all = [
    ['train', data.train],
    ['validation', data.val ?? data.valid ?? data.validation],
    ['test', data.test],
  ] as const;
  const splits = all.flatMap(([split, where]) =>
    where == null ? [] : [[split, typeof where === 'string' ? [where] : where] as const],
  );
  if (splits.length === 0) throw wrong(path, 'it names no pictures to train on');
  const folder = dirname(resolve(path));
  return {
    path,
    root: data.path ? resolve(folder, data.path) : folder,
    names,
    named: 'data.yaml',
    ...(data.kpt_shape && { keypoints: data.kpt_shape[0] * data.kpt_shape[1] }),
    splits,
  };
}

/** @throws HeadstartError `label-invalid` for classes without names, or two of one name */
export function checkNames(path: string, names: readonly string[]): void {
  const seen = new Set<string>();
  const twice = names.find((name) => seen.size === seen.add(name).size);
  if (names.length > 0 && twice === undefined && !names.some((name) => name.trim() === '')) return;
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

async function yamlIn(path: string): Promise<unknown> {
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  ); // reading it says why there is none
  if (bytes > LARGEST) throw wrong(path, `it is larger than ${LARGEST} bytes`);
  const text = await readUtf8(path);
  try {
    return load(text, { schema: CORE_SCHEMA });
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
