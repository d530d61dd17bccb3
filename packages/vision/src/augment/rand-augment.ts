import type { RandomStream } from '@headstart/core';
import type { Colour, Pixels } from '@headstart/core/images';
import { saturation, sharpness } from './area-ops.ts';
import { rotation, shear, transform, translation } from './geometry.ts';
import { autoContrast, brightness, contrast, equalize, posterize, solarize } from './point-ops.ts';

/** The greatest magnitude, as in the paper's image experiments. */
export const MAX_MAGNITUDE = 30;

/** `strength` is 0 to 1, `sign` 1 or -1; both mean nothing to some. */
type Op = (pixels: Pixels, strength: number, sign: number, background: Colour) => Pixels;

/** The 14 operations and what the greatest magnitude does: 30 degrees, shear by 0.3, 150/331 of the side, 4 bits left. */
export const randAugmentOps: Readonly<Record<string, Op>> = {
  identity: (pixels) => pixels,
  autoContrast: (pixels) => autoContrast(pixels),
  equalize: (pixels) => equalize(pixels),
  rotate: (pixels, strength, sign, background) => transform(pixels, rotation(sign * 30 * strength), background),
  solarize: (pixels, strength) => solarize(pixels, 255 * (1 - strength)),
  color: (pixels, strength, sign) => saturation(pixels, 1 + sign * 0.9 * strength),
  posterize: (pixels, strength) => posterize(pixels, 8 - Math.round(4 * strength)),
  contrast: (pixels, strength, sign) => contrast(pixels, 1 + sign * 0.9 * strength),
  brightness: (pixels, strength, sign) => brightness(pixels, 1 + sign * 0.9 * strength),
  sharpness: (pixels, strength, sign) => sharpness(pixels, 1 + sign * 0.9 * strength),
  shearX: (pixels, strength, sign, background) => transform(pixels, shear(sign * 0.3 * strength, 0), background),
  shearY: (pixels, strength, sign, background) => transform(pixels, shear(0, sign * 0.3 * strength), background),
  translateX: (pixels, strength, sign, background) =>
    transform(pixels, translation(Math.round(((sign * 150) / 331) * strength * pixels.width), 0), background),
  translateY: (pixels, strength, sign, background) =>
    transform(pixels, translation(0, Math.round(((sign * 150) / 331) * strength * pixels.height)), background),
};

const NAMES = Object.keys(randAugmentOps);

export interface RandAugmentOptions {
  /** Operations per picture. */
  readonly count: number;
  /** 0 to 30, the same for every operation. */
  readonly magnitude: number;
}

/**
 * RandAugment (Cubuk et al., 2020, "Practical automated data augmentation with a reduced search
 * space"): `count` operations drawn with replacement, each at the one magnitude.
 */
export function randAugment(
  pixels: Pixels,
  { count, magnitude }: RandAugmentOptions,
  random: RandomStream,
  background: Colour,
): Pixels {
  let result = pixels;
  for (let i = 0; i < count; i++) {
    const op = randAugmentOps[random.pick(NAMES)]!;
    const sign = random.int(2) === 0 ? 1 : -1;
    result = op(result, magnitude / MAX_MAGNITUDE, sign, background);
  }
  return result;
}
