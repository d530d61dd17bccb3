import type { Metadata } from 'sharp';

/** Where a picture's bytes are: a file of its own, that file's contents in memory, or one picture of an IDX file (LeCun's MNIST format). */
export type ImageLocation =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'idx';
      readonly path: string;
      readonly offset: number;
      readonly height: number;
      readonly width: number;
    };

/** A picture and the name that messages call it by. */
export interface LocatedImage {
  readonly id: string;
  readonly image: ImageLocation;
}

/** A width and a height, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

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

/** A picture on the host: 8-bit sRGB, row-major `[height, width, 3]`. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** An sRGB colour, 0 to 255 per channel. */
export type Colour = readonly [red: number, green: number, blue: number];

/** A rectangle in pixels of the upright picture; it may start and end between pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How values between pixels are computed. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos3';
