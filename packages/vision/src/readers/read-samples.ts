import { HeadstartError, type ReadOptions, type ReadSample, type SkippedSample, type SplitName } from '@headstart/core';
import { inspectImage, mapBounded, readImageFile } from '@headstart/core/images';
import { createHash } from 'node:crypto';
import type { ImageSample } from '../images/image-sample.ts';

/** A picture that a reader found listed. */
export interface FoundImage {
  /** As the user knows it: a path within the data set. */
  readonly id: string;
  readonly path: string;
  readonly label: number;
  readonly split?: SplitName;
}

/** Files read at once: enough to keep the decoder's four threads busy. */
const PARALLEL = 8;

/**
 * Reads every file once: its SHA-256, and a check that it is a whole picture. With `skipBad` every
 * picture is decoded for the check, and those that fail are left out and listed.
 * @throws HeadstartError `sample-unreadable` for the first picture that fails
 */
export async function readSamples(
  found: readonly FoundImage[],
  { skipBad, progress }: Pick<ReadOptions, 'skipBad' | 'progress'>,
): Promise<{ samples: ReadSample<ImageSample>[]; skipped: SkippedSample[] }> {
  const bar = progress.start({ label: 'reading images', total: found.length, unit: 'images' });
  let done = 0;
  try {
    const results = await mapBounded(found, PARALLEL, async (image) => {
      const result = await readOne(image, skipBad);
      bar.update(++done);
      return result;
    });
    const samples: ReadSample<ImageSample>[] = [];
    const skipped: SkippedSample[] = [];
    for (const result of results) {
      if ('reason' in result) skipped.push(result);
      else samples.push(result);
    }
    return { samples, skipped };
  } finally {
    bar.end();
  }
}

async function readOne({ id, path, label, split }: FoundImage, skipBad: boolean): Promise<ReadSample<ImageSample> | SkippedSample> {
  try {
    const bytes = await readImageFile(path, id);
    await inspectImage(bytes, id, { thorough: skipBad });
    const digest = createHash('sha256').update(bytes).digest('hex');
    return { sample: { id, digest, label, image: { kind: 'file', path } }, split };
  } catch (cause) {
    if (skipBad && cause instanceof HeadstartError) return { id, reason: cause.message.replace(`${id}: `, '') };
    throw cause;
  }
}
