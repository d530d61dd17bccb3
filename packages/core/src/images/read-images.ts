import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { inputName, pathOfUrl, type InputContent } from '../domains/model-input.ts';
import type { DataWarning } from '../domains/reading-notes.ts';
import type { ReadOptions } from '../domains/reader.ts';
import type { ReadSample, Sample, SkippedSample, SplitName } from '../domains/target-domain.ts';
import { HeadstartError, tooManyOpen } from '@headstart/artifacts/errors';
import { fileContents, inspectImage, withImageFile } from './image-file.ts';
import type { ImageSizes, LocatedImage } from './image.ts';
import { mapBounded } from './map-bounded.ts';
import { pixelRangeWarnings, type PixelRangeFault } from './pixel-range.ts';

/** A picture that a reader found listed. */
export interface ListedImage {
  /** As the user knows it: a path within the data set. */
  readonly id: string;
  readonly path: string;
  /** The contents of the picture's file, where it lies inside another, at `path`. */
  readonly contents?: () => Uint8Array;
  readonly split?: SplitName;
}

/** What one look at a picture's file shows. */
export interface ImageFacts {
  /** SHA-256 of the file. */
  readonly digest: string;
  readonly sizes: ImageSizes;
  /** How its numbers do not come through when it is decoded; absent where they do. */
  readonly fault?: PixelRangeFault;
}

/** Pictures that were read. */
export interface ReadImages<S extends Sample> {
  readonly samples: ReadSample<S>[];
  readonly skipped: SkippedSample[];
  /** That the numbers in some do not come through when they are decoded. */
  readonly warnings: DataWarning[];
}

/** Files read at once: enough to keep the decoder's four threads busy. */
const PARALLEL = 8;

/**
 * Reads every picture's file once: its SHA-256, and a check that it is a whole picture. With `skipBad` every
 * picture is decoded for the check, and those that fail are left out and listed.
 *
 * @param sampleOf makes the sample; a HeadstartError that it throws fails the picture
 * @throws HeadstartError `sample-unreadable` for the first picture that fails
 */
export async function readListedImages<Listed extends ListedImage, S extends Sample>(
  listed: readonly Listed[],
  { skipBad, progress }: Pick<ReadOptions, 'skipBad' | 'progress'>,
  sampleOf: (image: Listed, facts: ImageFacts) => S,
): Promise<ReadImages<S>> {
  const bar = progress.start({ label: 'reading images', total: listed.length, unit: 'images' });
  let done = 0;
  const faults = new Map<string, PixelRangeFault>();
  try {
    const results = await mapBounded(listed, PARALLEL, async (image) => {
      const result = await readOne(image, skipBad, (found, facts) => {
        if (facts.fault) faults.set(found.id, facts.fault);
        return sampleOf(found, facts);
      });
      bar.update(++done);
      return result;
    });
    const samples: ReadSample<S>[] = [];
    const skipped: SkippedSample[] = [];
    for (const result of results) {
      if ('reason' in result) skipped.push(result);
      else samples.push(result);
    }
    const outOfRange = listed.flatMap(({ id }) => (faults.has(id) ? [{ id, fault: faults.get(id)! }] : []));
    return { samples, skipped, warnings: outOfRange.length > 0 ? pixelRangeWarnings(outOfRange) : [] };
  } finally {
    bar.end();
  }
}

async function readOne<Listed extends ListedImage, S extends Sample>(
  image: Listed,
  skipBad: boolean,
  sampleOf: (image: Listed, facts: ImageFacts) => S,
): Promise<ReadSample<S> | SkippedSample> {
  const { id, path, contents, split } = image;
  try {
    const facts = contents
      ? await factsIn(fileContents(contents(), id), id, skipBad)
      : await factsOf(path, id, skipBad);
    return { sample: sampleOf(image, facts), split };
  } catch (cause) {
    if (skipBad && HeadstartError.is(cause) && !tooManyOpen(cause))
      return { id, reason: cause.message.replace(`${id}: `, '') };
    throw cause;
  }
}

/**
 * A picture that a model is asked about, by its path, its file's URL or its file's contents: `Task.parseInput` of tasks
 * on pictures. The sample keeps contents in memory as they are given.
 * @param name the sample's id
 * @throws HeadstartError `sample-unreadable`
 */
export async function readImageInput(
  input: InputContent,
  name = inputName(input),
): Promise<{ readonly sample: Sample & LocatedImage; readonly sizes: ImageSizes }> {
  if (input instanceof Uint8Array) {
    const bytes = fileContents(input, name);
    const { digest, sizes } = await factsIn(bytes, name, false);
    return { sample: { id: name, digest, image: { kind: 'memory', bytes } }, sizes };
  }
  const path = input instanceof URL ? pathOfUrl(input) : input;
  const { digest, sizes } = await factsOf(path, name, false);
  return { sample: { id: name, digest, image: { kind: 'file', path: resolve(path) } }, sizes };
}

async function factsOf(path: string, name: string, thorough: boolean): Promise<ImageFacts> {
  return withImageFile(path, name, (bytes) => factsIn(bytes, name, thorough));
}

async function factsIn(bytes: Buffer, name: string, thorough: boolean): Promise<ImageFacts> {
  const inspected = await inspectImage(bytes, name, { thorough });
  return { digest: createHash('sha256').update(bytes).digest('hex'), ...inspected };
}
