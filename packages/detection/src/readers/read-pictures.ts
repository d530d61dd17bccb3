import { createHash } from 'node:crypto';
import { HeadstartError, type ReadOptions, type ReadSample, type SkippedSample, type SplitName } from '@headstart/core';
import { imageError, inspectImage, mapBounded, readImageFile, type ImageSizes } from '@headstart/core/images';
import type { Size } from '../boxes/box.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { checkObjects, type WrittenObject } from './check-objects.ts';

/** A picture that a reader found listed, with what is said to be in it. */
export interface ListedPicture {
  /** As the user knows it: a path within the data set. */
  readonly id: string;
  readonly path: string;
  readonly split?: SplitName;
  /** The size that the annotations give; the file's own where absent. */
  readonly size?: Size;
  /** What is said to be in it; asked for again whenever the sample's objects are. */
  objects(size: Size): readonly WrittenObject[];
}

/** Files read at once: enough to keep the decoder's four threads busy. */
const PARALLEL = 8;

/**
 * Reads every picture's file once: its SHA-256, a check that it is a whole picture of the size that the
 * annotations mean, and a check of every box. With `skipBad` every picture is decoded for the check,
 * and those that fail, or have a bad box, are left out and listed.
 *
 * @throws HeadstartError `sample-unreadable` for the first picture that fails
 */
export async function readPictures(
  listed: readonly ListedPicture[],
  { skipBad, progress }: Pick<ReadOptions, 'skipBad' | 'progress'>,
): Promise<{ samples: ReadSample<DetectionSample>[]; skipped: SkippedSample[] }> {
  const bar = progress.start({ label: 'reading images', total: listed.length, unit: 'images' });
  let done = 0;
  try {
    const results = await mapBounded(listed, PARALLEL, async (picture) => {
      const result = await readOne(picture, skipBad);
      bar.update(++done);
      return result;
    });
    const samples: ReadSample<DetectionSample>[] = [];
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

async function readOne(picture: ListedPicture, skipBad: boolean): Promise<ReadSample<DetectionSample> | SkippedSample> {
  const { id, path, split } = picture;
  try {
    const bytes = await readImageFile(path, id);
    const sizes = await inspectImage(bytes, id, { thorough: skipBad });
    const meant = sizeMeant(picture, sizes);
    checkObjects(picture.objects(meant.size), meant.size);
    const digest = createHash('sha256').update(bytes).digest('hex');
    return { sample: sampleOf(picture, digest, meant), split };
  } catch (cause) {
    if (skipBad && cause instanceof HeadstartError) return { id, reason: cause.message.replace(`${id}: `, '') };
    throw cause;
  }
}

interface Meant {
  readonly size: Size;
  readonly asStored: boolean;
}

/**
 * The picture's size as its boxes mean it: upright where the annotations agree or do not say, as it is
 * stored where only that agrees (tools that overlook EXIF orientation).
 */
function sizeMeant({ id, size }: ListedPicture, { upright, stored }: ImageSizes): Meant {
  const agrees = (other: Size) => !size || (size.width === other.width && size.height === other.height);
  if (agrees(upright)) return { size: upright, asStored: false };
  if (agrees(stored)) return { size: stored, asStored: true };
  throw imageError(
    id,
    `it has ${upright.width} x ${upright.height} pixels where its annotations say ${size!.width} x ${size!.height}`,
    'Boxes fit the picture that they were drawn on: put it back, or scale the annotations; train and evaluate leave it out with --skip-bad.',
  );
}

/** Its objects stay in the annotations' columns until they are asked for. */
function sampleOf(picture: ListedPicture, digest: string, { size, asStored }: Meant): DetectionSample {
  return {
    id: picture.id,
    digest,
    image: { kind: 'file', path: picture.path },
    ...size,
    asStored,
    get objects() {
      return checkObjects(picture.objects(size), size);
    },
  };
}
