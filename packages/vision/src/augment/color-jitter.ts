import type { RandomStream } from '@headstart/core';
import type { Pixels } from '@headstart/core/images';
import { saturation } from './area-ops.ts';
import { brightness, contrast } from './point-ops.ts';

const OPS = [brightness, contrast, saturation];

/** Brightness, contrast and saturation in random order, each by a factor from [1 - strength, 1 + strength]. */
export function colorJitter(pixels: Pixels, strength: number, random: RandomStream): Pixels {
  let result = pixels;
  for (const index of random.permutation(OPS.length)) {
    result = OPS[index]!(result, random.uniform(1 - strength, 1 + strength));
  }
  return result;
}
