import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HeadstartError } from '@headstart/artifacts/errors';
import type { ReadOptions } from '../domains/reader.ts';
import type { PassedOver } from '../domains/reading-notes.ts';
import type { Sample, SkippedSample, TargetData } from '../domains/target-domain.ts';
import { counted } from '../folders/class-folder-kind.ts';
import { listClassFolders } from '../folders/class-folders.ts';
import { listEveryFile, type EveryFile } from '../folders/every-file.ts';
import { namesImage } from '../images/file-kinds.ts';
import { mapBounded } from '../images/map-bounded.ts';
import { masksAmong } from '../images/mask-names.ts';
import { PICTURES } from '../images/picture-kind.ts';
import { readListedImages } from '../images/read-images.ts';
import { placesOf } from '../network/class-names.ts';
import type { Task } from '../tasks/task.ts';

/** What reports call the reading of pictures alone, in place of a reader's id. */
const READER = 'pictures';
/** Pictures that are made samples of at once. */
const PARALLEL = 8;
const EXAMPLES = 5;
/** Folders that a remark names. */
const NAMED = 5;

/**
 * The pictures in a folder and below, or a single one, as samples of a task on pictures, of which nothing is known but their
 * content: the samples are the same in whatever folders they lie, and whatever lies beside them. Pictures that cannot be read are left
 * out and listed. The names of class folders are given as `labels`, for messages, where some of them are classes: no sample has one.
 * @param classes that are learned; none of tasks with other answers
 * @returns undefined where there is no picture
 * @throws HeadstartError `target-unreadable`, `invalid-option`; `sample-unreadable` where no picture can be read
 */
export async function readEveryPicture<S extends Sample>(
  path: string,
  task: Task<S>,
  options: ReadOptions,
  classes: readonly string[],
): Promise<TargetData<S> | undefined> {
  const found = await picturesAt(path, options);
  if (!found) return undefined;
  const { files, passedOver } = found;
  const { whole, skipped, warnings } = await wholePictures(files, options);
  const samples = await mapBounded(whole, PARALLEL, async (file) => ({
    sample: await task.parseInput(pathToFileURL(file.path), file.id),
  }));
  return {
    id: basename(resolve(path)),
    modality: task.modality,
    reader: READER,
    labels: await classFolders(path, options, classes),
    samples,
    skipped,
    notes: { remarks: whereTheyLie(files), passedOver, warnings },
  };
}

type Files = EveryFile['files'];

async function picturesAt(path: string, { options }: ReadOptions): Promise<EveryFile | undefined> {
  if (!(await stat(path)).isDirectory())
    return namesImage(path) ? { files: [{ id: basename(path), path }], passedOver: [] } : undefined;
  const { files: all, passedOver } = await listEveryFile(path, PICTURES, options);
  const masks = masksAmong(all.map(({ id }) => id));
  const left = new Set(masks);
  const files = all.filter(({ id }) => !left.has(id));
  if (files.length === 0) return undefined;
  return { files, passedOver: masks.length === 0 ? passedOver : [...passedOver, masksBeside(masks)] };
}

function masksBeside(masks: readonly string[]): PassedOver {
  return { what: 'masks of pictures, by their names', count: masks.length, examples: masks.slice(0, EXAMPLES) };
}

/** Those that can be decoded to their end. @throws HeadstartError `sample-unreadable` where there is none */
async function wholePictures(files: Files, options: ReadOptions) {
  const fileOf = (file: Files[number], { digest }: { digest: string }) => ({ ...file, digest });
  const { samples, skipped, warnings } = await readListedImages(files, { ...options, skipBad: true }, fileOf);
  if (samples.length === 0) throw noneReadable(files.length, skipped[0]!);
  return { whole: samples.map(({ sample }) => sample), skipped, warnings };
}

function noneReadable(pictures: number, { id, reason }: SkippedSample): HeadstartError {
  return new HeadstartError({
    code: 'sample-unreadable',
    message: pictures === 1 ? `${id}: ${reason}` : `None of ${pictures} pictures can be read, such as ${id}: ${reason}`,
    hint: 'Give pictures of a format that is read, such as JPEG or PNG, as they were before they were damaged.',
  });
}

/** The names of class folders; none where no folder is named for a class that is learned. */
async function classFolders(
  path: string,
  { options }: ReadOptions,
  classes: readonly string[],
): Promise<readonly string[]> {
  try {
    const { labels } = await listClassFolders(path, PICTURES, options);
    return placesOf(classes, labels).some((place) => place >= 0) ? labels : [];
  } catch {
    return [];
  }
}

/** How many pictures the folders in the data have, where there are such. */
function whereTheyLie(files: Files): string[] {
  const counts = new Map<string, number>();
  for (const { id } of files) {
    const folder = id.includes('/') ? id.slice(0, id.indexOf('/')) : '';
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const loose = counts.get('') ?? 0;
  counts.delete('');
  if (counts.size === 0) return [];
  const folders = [...counts].slice(0, NAMED).map(([folder, count]) => `${pictures(count)} in ${folder}`);
  const more = counts.size > NAMED ? [`others in ${counts.size - NAMED} more folders`] : [];
  const each = [...(loose > 0 ? [`${pictures(loose)} in none`] : []), ...folders, ...more].join(', ');
  return [`The names of folders are not read as labels: ${each}.`];
}

const pictures = (count: number) => counted(count, PICTURES);
