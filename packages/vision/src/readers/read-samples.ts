import type { ReadOptions } from '@headstart/core';
import { readListedImages, type ListedImage, type ReadImages } from '@headstart/core/images';
import type { ImageSample } from '../images/image-sample.ts';

/** A picture that a reader found listed, with its class. */
export interface FoundImage extends ListedImage {
  readonly label: number;
}

/** See `readListedImages`. @throws HeadstartError `sample-unreadable` for the first picture that fails */
export function readSamples(
  found: readonly FoundImage[],
  options: Pick<ReadOptions, 'skipBad' | 'progress'>,
): Promise<ReadImages<ImageSample>> {
  return readListedImages(found, options, ({ id, path, label }, { digest }) => ({
    id,
    digest,
    label,
    image: { kind: 'file', path },
  }));
}
