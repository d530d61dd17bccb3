import type { RandomStream } from '@headstart/core';
import type { Box, Size } from '@headstart/core/images';

/** Tries before the whole is taken; a crop of these proportions nearly always fits at once. */
const TRIES = 10;
const STRETCH = Math.log(4 / 3);

/**
 * A random resized crop (Szegedy et al., 2015, "Going deeper with convolutions"): a box with a share
 * of the picture's area drawn from [smallest, 1] and with proportions up to 4:3 or 3:4 of `aspect`
 * (width over height), placed anywhere inside the picture.
 */
export function randomCrop(size: Size, aspect: number, smallest: number, random: RandomStream): Box {
  for (let i = 0; i < TRIES; i++) {
    const area = size.width * size.height * random.uniform(smallest, 1);
    const ratio = aspect * Math.exp(random.uniform(-STRETCH, STRETCH));
    const width = Math.sqrt(area * ratio);
    const height = Math.sqrt(area / ratio);
    if (width > size.width || height > size.height) continue;
    return { left: random.uniform(0, size.width - width), top: random.uniform(0, size.height - height), width, height };
  }
  const width = Math.min(size.width, size.height * aspect);
  const height = width / aspect;
  return { left: (size.width - width) / 2, top: (size.height - height) / 2, width, height };
}
