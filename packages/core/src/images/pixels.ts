/** A picture on the host: 8-bit sRGB, row-major `[height, width, 3]`. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** An sRGB colour, 0 to 255 a channel. */
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

/** A width and a height, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
