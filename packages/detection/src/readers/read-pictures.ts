import type { ReadOptions, ReadSample, SkippedSample } from '@headstart/core';
import {
  imageError,
  readListedImages,
  type ImageFacts,
  type ImageSizes,
  type ListedImage,
} from '@headstart/core/images';
import type { Size } from '../boxes/box.ts';
import type { DetectionSample } from '../data/detection-sample.ts';
import { checkObjects, type WrittenObject } from './check-objects.ts';

/** A picture that a reader found listed, with what is said to be in it. */
export interface ListedPicture extends ListedImage {
  /** The size that the annotations give; the file's own where absent. */
  readonly size?: Size;
  /** What is said to be in it; asked for again whenever the sample's objects are. */
  objects(size: Size): readonly WrittenObject[];
}

/**
 * Reads every picture's file once, see `readListedImages`: with a check that it is of the size that the
 * annotations mean, and a check of every box. With `skipBad` pictures with a bad box are left out, too.
 *
 * @throws HeadstartError `sample-unreadable` for the first picture that fails
 */
export function readPictures(
  listed: readonly ListedPicture[],
  options: Pick<ReadOptions, 'skipBad' | 'progress'>,
): Promise<{ samples: ReadSample<DetectionSample>[]; skipped: SkippedSample[] }> {
  return readListedImages(listed, options, checkedSample);
}

function checkedSample(picture: ListedPicture, { digest, sizes }: ImageFacts): DetectionSample {
  const meant = sizeMeant(picture, sizes);
  checkObjects(picture.objects(meant.size), meant.size);
  return sampleOf(picture, digest, meant);
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
    `it has ${upright.width} x ${upright.height} pixels, but its annotations say ${size!.width} x ${size!.height}`,
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
