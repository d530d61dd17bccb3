import type { Box, Pixels, Size } from './image.ts';

/** How a whole picture, or its middle, is laid into an input of fixed size. */
export type Fit =
  /** The whole picture onto the whole input. */
  | 'stretch'
  /** The largest part of the input, in its middle, that has the picture's proportions; the rest is black. */
  | 'letterbox';

/** Where a picture lies in a network's input: pixel x of the picture is `left + x * across` of the input. */
export interface Frame {
  readonly across: number;
  readonly down: number;
  readonly left: number;
  readonly top: number;
  /** Pixels of the input that the picture takes up. */
  readonly width: number;
  readonly height: number;
}

/** The frame of a picture in an input. */
export function frameOf({ width, height }: Size, input: Size & { readonly fit: Fit }): Frame {
  const scale = Math.min(input.width / width, input.height / height);
  const drawn =
    input.fit === 'stretch' ? input : { width: atLeastOne(width * scale), height: atLeastOne(height * scale) };
  return {
    across: drawn.width / width,
    down: drawn.height / height,
    left: Math.floor((input.width - drawn.width) / 2),
    top: Math.floor((input.height - drawn.height) / 2),
    width: drawn.width,
    height: drawn.height,
  };
}

function atLeastOne(pixels: number): number {
  return Math.max(1, Math.round(pixels));
}

/** A picture of its frame's size laid into an input; the rest of the input is black. */
export function layIntoFrame(picture: Pixels, { left, top, width, height }: Frame, input: Size): Pixels {
  if (width === input.width && height === input.height) return picture;
  const data = new Uint8Array(input.width * input.height * 3);
  for (let row = 0; row < height; row++) {
    data.set(picture.data.subarray(row * width * 3, (row + 1) * width * 3), ((top + row) * input.width + left) * 3);
  }
  return { width: input.width, height: input.height, data };
}

/** The largest centred part of a picture in the proportions of an input, of which a share of each side is kept. */
export function centredBox({ width, height }: Size, share: number): (size: Size) => Box {
  return (size) => {
    const scale = Math.min(size.width / width, size.height / height) * share;
    const box = { width: width * scale, height: height * scale };
    return { ...box, left: (size.width - box.width) / 2, top: (size.height - box.height) / 2 };
  };
}
