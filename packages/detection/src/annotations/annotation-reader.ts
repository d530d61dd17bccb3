import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { HeadstartError, type Reader } from '@headstart/core';
import type { RecognisedLayout } from '@headstart/core/readers';
import type { DetectionSample } from '../data/detection-sample.ts';
import { enteringWrappers } from '../readers/wrapper-folder.ts';
import { AnnotatedSet, type SetConventions } from './annotated-set.ts';
import { annotationError } from './annotation-error.ts';
import { annotationFiles, headOf, setFolder, type AnnotationFile } from './annotation-files.ts';
import { readAnnotatedSet } from './read-annotated-set.ts';

/** A layout of annotation files: how one is known, and how one is read. */
export interface AnnotationLayout extends Omit<SetConventions, 'boxesOnly'> {
  readonly id: string;
  readonly description: string;
  /** The tool or format, for messages: `There is no <what> file in …`. */
  readonly what: string;
  /** Endings of its files, in lower case with the dot. */
  readonly endings: readonly string[];
  /** Whether a file is one of the layout's, by a look into it; see `headIs`. */
  readonly isOne: (path: string) => Promise<boolean>;
  /** Whether a file with nothing in it is one, in a set that has others. */
  readonly mayBeEmpty?: boolean;
  /** Layouts near this one that are not read, with what to do instead. */
  readonly near?: readonly NearLayout[];
  /** How sure the reader is of data of which such a file is one. */
  readonly sure?: number;
  /** Adds what a file says to the set. @throws HeadstartError `target-unreadable`, `label-invalid`, `invalid-option` */
  readFile(file: AnnotationFile, set: AnnotatedSet, options: Readonly<Record<string, string>>): Promise<void>;
}

/** A layout that is known and not read. */
export interface NearLayout {
  readonly what: string;
  readonly hint: string;
  readonly endings: readonly string[];
  /** Whether a file shows the layout, by its first 64 KiB. */
  readonly shows: (head: string) => boolean;
}

/** A look at a path opens so many files, in so many folders. */
const LOOK_FILES = 12;
const LOOK_FOLDERS = 64;

/** Surer than readers that go by names: these have looked into a file. */
const SURE = 0.92;

/** A look at the first 64 KiB of a file. */
export function headIs(test: (head: string) => boolean): AnnotationLayout['isOne'] {
  return async (path) => test(await headOf(path));
}

/** The reader of a layout: a file of it, or a folder with some, and their pictures. */
export function annotationReader(layout: AnnotationLayout): Reader<DetectionSample> {
  return enteringWrappers({
    id: layout.id,
    modality: 'image',
    description: layout.description,
    task: 'object-detection',

    async detect(path) {
      let looked = 0;
      for await (const file of annotationFiles(path, layout.endings, LOOK_FOLDERS)) {
        if (await isOne(layout, file.path)) return layout.sure ?? SURE;
        if (++looked === LOOK_FILES) break;
      }
      return 0;
    },

    ...(layout.near && { recognise: (path) => recogniseNear(path, layout.near!) }),

    async read(path, options) {
      const set = new AnnotatedSet({ ...layout, boxesOnly: onlyBoxes(options.options['shapes']) });
      const root = (await isFile(path)) ? setFolder(path) : path;
      let files = 0;
      for await (const file of annotationFiles(path, layout.endings)) {
        if (
          file.path !== path &&
          !(await isOne(layout, file.path)) &&
          !(layout.mayBeEmpty && (await isEmpty(file.path)))
        ) {
          set.passOver(`${layout.endings.join(' and ')} files that are not of ${layout.what}`, file.path);
          continue;
        }
        await layout.readFile(file, set, options.options);
        files++;
      }
      if (files === 0) throw await noFile(path, layout);
      return readAnnotatedSet(set, { root, reader: layout.id, options });
    },
  });
}

async function isOne({ isOne: seems, near = [] }: AnnotationLayout, path: string): Promise<boolean> {
  return (await seems(path)) && (await nearLayout(path, near)) === undefined;
}

async function nearLayout(path: string, near: readonly NearLayout[]): Promise<NearLayout | undefined> {
  const ending = extname(path).toLowerCase();
  const possible = near.filter(({ endings }) => endings.includes(ending));
  if (possible.length === 0) return undefined;
  const head = await headOf(path);
  return possible.find(({ shows }) => shows(head));
}

async function recogniseNear(path: string, near: readonly NearLayout[]): Promise<RecognisedLayout | undefined> {
  const endings = near.flatMap((layout) => layout.endings);
  let looked = 0;
  for await (const file of annotationFiles(path, endings, LOOK_FOLDERS)) {
    const found = await nearLayout(file.path, near);
    if (found) return { layout: `${found.what} (${basename(file.path)})`, hint: found.hint };
    if (++looked === LOOK_FILES) break;
  }
  return undefined;
}

/** @throws HeadstartError `invalid-option` */
function onlyBoxes(shapes = 'all'): boolean {
  if (shapes === 'all' || shapes === 'boxes') return shapes === 'boxes';
  throw new HeadstartError({
    code: 'invalid-option',
    message: `The reader option shapes=${shapes} is not known.`,
    hint: 'Give shapes=boxes to read only what was drawn as a box, or shapes=all for the boxes around other shapes, too.',
  });
}

async function noFile(path: string, { what, endings }: AnnotationLayout): Promise<HeadstartError> {
  const there = await stat(path).then(
    () => true,
    () => false,
  );
  if (there)
    return annotationError(
      path,
      `there is no ${what} file in it`,
      `Give a ${endings.join(' or ')} file that ${what} wrote, or its folder.`,
    );
  return new HeadstartError({
    code: 'target-not-found',
    message: `There is nothing at ${path}.`,
    hint: 'Check the path.',
  });
}

const isEmpty = async (path: string) => (await headOf(path)).trim() === '';

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
