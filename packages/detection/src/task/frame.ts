import type { Frame } from '@headstart/core/images';
import type { Box } from '../boxes/box.ts';

/** A box of the picture in pixels of the input. */
export function intoFrame([x, y, width, height]: Box, { across, down, left, top }: Frame): Box {
  return [left + x * across, top + y * down, width * across, height * down];
}

/** A box of the input in pixels of the picture. */
export function outOfFrame([x, y, width, height]: Box, { across, down, left, top }: Frame): Box {
  return [(x - left) / across, (y - top) / down, width / across, height / down];
}
