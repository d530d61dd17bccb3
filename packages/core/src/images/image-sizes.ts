import type { Metadata } from 'sharp';
import type { Size } from './pixels.ts';

/** The size of a picture as it is shown, its EXIF orientation applied, and as its pixels are stored. */
export interface ImageSizes {
  readonly upright: Size;
  readonly stored: Size;
}

/** Both sizes by a picture's header; raw input has no orientation. */
export function sizesIn({ autoOrient, width, height }: Metadata): ImageSizes {
  const stored = { width, height };
  return { stored, upright: autoOrient?.width ? { width: autoOrient.width, height: autoOrient.height } : stored };
}
