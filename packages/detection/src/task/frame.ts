import type { Box, Size } from '../boxes/box.ts';
import type { DetectorPreprocessing } from '../sources/detector-preprocessing.ts';

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

/** The frame of a picture: the whole input, or the largest part of it, in its middle, that has the picture's proportions. */
export function frameOf(
  { width, height }: Size,
  input: Pick<DetectorPreprocessing, 'width' | 'height' | 'fit'>,
): Frame {
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

/** A box of the picture in pixels of the input. */
export function intoFrame([x, y, width, height]: Box, { across, down, left, top }: Frame): Box {
  return [left + x * across, top + y * down, width * across, height * down];
}

/** A box of the input in pixels of the picture. */
export function outOfFrame([x, y, width, height]: Box, { across, down, left, top }: Frame): Box {
  return [(x - left) / across, (y - top) / down, width / across, height / down];
}
